package io.github.akashgen2api.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class JobFileTests {

	private static final JobRecord FIRST = new JobRecord("a", "a 'red' fox\n🦊", "", Instant.EPOCH, "r", null, true,
			true, null);

	private static final JobRecord SECOND = new JobRecord("b", "", "blurry", Instant.EPOCH, "r", "key", false, false,
			2);

	private final List<JobRecord> found = new ArrayList<>();

	@TempDir
	Path directory;

	@Test
	void jobsComeBackAsTheyWere() {
		try (JobFile file = file()) {
			file.write(List.of(FIRST, SECOND), List.of(), List::of);
		}
		try (JobFile file = file()) {
			assertThat(read(file)).containsExactlyInAnyOrder(FIRST, SECOND);
			file.write(List.of(FIRST.closed()), List.of("b"), List::of);
		}
		try (JobFile file = file()) {
			assertThat(read(file)).containsExactly(FIRST.closed());
		}
	}

	@Test
	void jobsThatWereWrittenAreThereWhenTheProcessIsKilled() throws IOException {
		try (JobFile file = file()) {
			file.write(List.of(FIRST), List.of(), List::of);
			file.write(List.of(SECOND), List.of(), List::of);
			Files.copy(this.directory.resolve("jobs"), this.directory.resolve("killed"));
		}
		try (JobFile file = file(this.directory.resolve("killed"))) {
			assertThat(read(file)).containsExactlyInAnyOrder(FIRST, SECOND);
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
		try (JobFile file = file(this.directory.resolve("cut"))) {
			assertThat(read(file)).contains(FIRST);
		}
	}

	@Test
	void fileThatCannotBeReadIsPutAside() throws IOException {
		Files.writeString(this.directory.resolve("jobs"), "This is no store of jobs. ".repeat(1000));
		try (JobFile file = file()) {
			assertThat(read(file)).isEmpty();
			file.write(List.of(FIRST), List.of(), List::of);
		}
		try (JobFile file = file()) {
			assertThat(read(file)).containsExactly(FIRST);
		}
		assertThat(this.directory.resolve("jobs.broken")).isNotEmptyFile();
	}

	@Test
	void directoryThatCannotBeWrittenIsTriedAgain() throws IOException {
		Path place = this.directory.resolve("place");
		Files.writeString(place, "no directory");
		Path path = place.resolve("jobs");
		try (JobFile file = file(path)) {
			assertThat(read(file)).isEmpty();
			file.write(List.of(FIRST), List.of(), () -> List.of(FIRST));
			Files.delete(place);
			file.write(List.of(SECOND), List.of(), () -> List.of(FIRST, SECOND));
		}
		try (JobFile file = file(path)) {
			assertThat(read(file)).containsExactlyInAnyOrder(FIRST, SECOND);
		}
	}

	@Test
	void fileThatAnotherProcessHoldsIsReadWhenItLetsGo() {
		try (JobFile waiting = file()) {
			try (JobFile held = file()) {
				held.write(List.of(FIRST), List.of(), List::of);
				assertThat(read(waiting)).isEmpty();
				waiting.write(List.of(SECOND), List.of(), () -> List.of(SECOND));
			}
			waiting.mend(() -> List.of(SECOND));
			assertThat(this.found).containsExactly(FIRST);
		}
		try (JobFile file = file()) {
			assertThat(read(file)).containsExactlyInAnyOrder(FIRST, SECOND);
		}
	}

	@Test
	void jobThatCannotBeReadIsLeftOut() {
		Path path = this.directory.resolve("jobs");
		try (JobFile file = file()) {
			file.write(List.of(FIRST), List.of(), List::of);
		}
		try (MVStore store = MVStore.open(path.toString())) {
			store.openMap("jobs").put("c", "{\"id\":");
		}
		try (JobFile file = file()) {
			assertThat(read(file)).containsExactly(FIRST);
		}
	}

	private List<JobRecord> read(JobFile file) {
		this.found.clear();
		file.read();
		return this.found;
	}

	private JobFile file() {
		return file(this.directory.resolve("jobs"));
	}

	private JobFile file(Path path) {
		return new JobFile(path, Duration.ZERO, new JsonMapper(), this.found::addAll);
	}

}
