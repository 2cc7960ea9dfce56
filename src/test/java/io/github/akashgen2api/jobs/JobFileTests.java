package io.github.akashgen2api.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class JobFileTests {

	private static final JobRecord FIRST = new JobRecord("a", "a 'red' fox\n🦊", "", Instant.EPOCH, "r", null, true,
			true);

	private static final JobRecord SECOND = new JobRecord("b", "", "blurry", Instant.EPOCH, "r", "key", false, false);

	@TempDir
	Path directory;

	@Test
	void jobsComeBackAsTheyWere() {
		try (JobFile file = file()) {
			file.write(List.of(FIRST, SECOND), List.of(), List::of);
		}
		try (JobFile file = file()) {
			assertThat(file.read()).containsExactlyInAnyOrder(FIRST, SECOND);
			file.write(List.of(FIRST.closed()), List.of("b"), List::of);
		}
		try (JobFile file = file()) {
			assertThat(file.read()).containsExactly(FIRST.closed());
		}
	}

	@Test
	void jobsThatWereWrittenAreThereWhenTheProcessIsKilled() throws IOException {
		try (JobFile file = file()) {
			file.write(List.of(FIRST), List.of(), List::of);
			file.write(List.of(SECOND), List.of(), List::of);
			Files.copy(this.directory.resolve("jobs"), this.directory.resolve("killed"));
		}
		try (JobFile file = new JobFile(this.directory.resolve("killed"), Duration.ZERO, new JsonMapper())) {
			assertThat(file.read()).containsExactlyInAnyOrder(FIRST, SECOND);
		}
	}

	@Test
	void jobsBeforeAWriteThatWasCutAreThere() throws IOException {
		try (JobFile file = file()) {
			file.write(List.of(FIRST), List.of(), List::of);
			byte[] before = Files.readAllBytes(this.directory.resolve("jobs"));
			file.write(List.of(SECOND), List.of(), List::of);
			byte[] after = Files.readAllBytes(this.directory.resolve("jobs"));
			assertThat(after).hasSizeGreaterThan(before.length);
			Files.write(this.directory.resolve("cut"),
					Arrays.copyOf(after, before.length + (after.length - before.length) / 2));
		}
		try (JobFile file = new JobFile(this.directory.resolve("cut"), Duration.ZERO, new JsonMapper())) {
			assertThat(file.read()).contains(FIRST);
		}
	}

	@Test
	void fileThatCannotBeReadIsPutAside() throws IOException {
		Files.writeString(this.directory.resolve("jobs"), "This is no store of jobs. ".repeat(1000));
		try (JobFile file = file()) {
			assertThat(file.read()).isEmpty();
			file.write(List.of(FIRST), List.of(), List::of);
		}
		try (JobFile file = file()) {
			assertThat(file.read()).containsExactly(FIRST);
		}
		assertThat(this.directory.resolve("jobs.broken")).isNotEmptyFile();
	}

	@Test
	void directoryThatCannotBeWrittenIsTriedAgain() throws IOException {
		Path place = this.directory.resolve("place");
		Files.writeString(place, "no directory");
		Path path = place.resolve("jobs");
		try (JobFile file = new JobFile(path, Duration.ZERO, new JsonMapper())) {
			assertThat(file.read()).isEmpty();
			file.write(List.of(FIRST), List.of(), () -> List.of(FIRST));
			Files.delete(place);
			file.write(List.of(SECOND), List.of(), () -> List.of(FIRST, SECOND));
		}
		try (JobFile file = new JobFile(path, Duration.ZERO, new JsonMapper())) {
			assertThat(file.read()).containsExactlyInAnyOrder(FIRST, SECOND);
		}
	}

	private JobFile file() {
		return new JobFile(this.directory.resolve("jobs"), Duration.ZERO, new JsonMapper());
	}

}
