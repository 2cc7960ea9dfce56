package io.github.akashgen2api.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

class JobFileTests {

	private static final JobRecord FIRST = new JobRecord("a", "a 'red' fox\n🦊", "", Instant.EPOCH, "r", null, true,
			true);

	private static final JobRecord SECOND = new JobRecord("b", "", "blurry", Instant.EPOCH, "r", "key", false, false);

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
		assertThat(movedAside()).singleElement(InstanceOfAssertFactories.PATH).isNotEmptyFile();
	}

	/** Files of each kind of damage: a job is kept at once, and found after a restart. */
	@ParameterizedTest
	@MethodSource("damages")
	void jobIsKeptAndFoundWhateverDamageTheFileHas(String name, UnaryOperator<byte[]> damage) throws IOException {
		Path path = this.directory.resolve("jobs");
		Files.write(path, damage.apply(sample()));
		try (JobFile file = file()) {
			file.read();
			file.write(List.of(FIRST), List.of(), () -> List.of(FIRST));
		}
		try (JobFile file = file()) {
			assertThat(read(file)).contains(FIRST);
			file.write(List.of(SECOND), List.of("a"), () -> List.of(SECOND));
		}
		try (JobFile file = file()) {
			assertThat(read(file)).contains(SECOND).doesNotContain(FIRST);
		}
		assertThat(this.directory).isDirectoryNotContaining("glob:**.reading*").isDirectoryNotContaining("glob:**.new");
	}

	static Stream<Arguments> damages() {
		Random random = new Random(15);
		int size = sample().length;
		List<Arguments> damages = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			int at = random.nextInt(size);
			damages.add(damage("cut at " + at, (bytes) -> Arrays.copyOf(bytes, at)));
			damages.add(damage("zeros from " + at, (bytes) -> {
				Arrays.fill(bytes, at, Math.min(bytes.length, at + 4096), (byte) 0);
				return bytes;
			}));
			byte[] noise = new byte[1 << random.nextInt(12)];
			random.nextBytes(noise);
			damages.add(damage(noise.length + " random bytes from " + at, (bytes) -> {
				System.arraycopy(noise, 0, bytes, at, Math.min(noise.length, bytes.length - at));
				return bytes;
			}));
			int chunk = 4096 * random.nextInt(2, size / 4096);
			damages.add(damage("chunk header at " + chunk, (bytes) -> {
				Arrays.fill(bytes, chunk, chunk + 32, (byte) '0');
				return bytes;
			}));
		}
		for (int length : new int[] { 0, 1, 100, 4095, 4096, 8191, 8192 }) {
			damages.add(damage("first " + length, (bytes) -> Arrays.copyOf(bytes, length)));
			damages.add(damage(length + " zeros", (_) -> new byte[length]));
		}
		damages.add(damage("both headers", (bytes) -> {
			Arrays.fill(bytes, 0, 8192, (byte) ' ');
			return bytes;
		}));
		damages.add(damage("another format",
				(bytes) -> new String(bytes, StandardCharsets.ISO_8859_1).replace("format:3", "format:9")
					.getBytes(StandardCharsets.ISO_8859_1)));
		damages.add(damage("text", (_) -> "id,prompt\n".repeat(5000).getBytes(StandardCharsets.US_ASCII)));
		return damages.stream();
	}

	private static Arguments damage(String name, UnaryOperator<byte[]> damage) {
		return Arguments.of(Named.of(name, name), damage);
	}

	/** Of several writes, as a process that was killed leaves it. */
	private static byte[] sample() {
		try {
			Path directory = Files.createTempDirectory("jobs");
			try (JobFile file = new JobFile(directory.resolve("jobs"), Duration.ZERO, new JsonMapper(), (_) -> {
			})) {
				for (int i = 0; i < 20; i++) {
					JobRecord job = JobRecord.of(new Job(new JobId("job-" + i), "fox ".repeat(100), ""), Instant.EPOCH,
							"r", null);
					file.write(List.of(job), List.of(), List::of);
				}
				return Files.readAllBytes(directory.resolve("jobs"));
			}
			finally {
				FileSystemUtils.deleteRecursively(directory);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void directoryInPlaceOfTheFileIsMovedAside() throws IOException {
		Path path = this.directory.resolve("jobs");
		for (int i = 0; i < 2; i++) {
			Files.deleteIfExists(path);
			Files.createDirectories(path.resolve("full"));
			try (JobFile file = file()) {
				assertThat(read(file)).isEmpty();
				file.write(List.of(FIRST), List.of(), List::of);
			}
			try (JobFile file = file()) {
				assertThat(read(file)).containsExactly(FIRST);
			}
		}
		assertThat(movedAside()).hasSize(2);
	}

	@Test
	void fileAtWhichTwoProcessesDiedIsMovedAside() throws IOException {
		try (JobFile file = file()) {
			file.write(List.of(FIRST), List.of(), List::of);
		}
		Files.createFile(this.directory.resolve("jobs.reading"));
		try (JobFile file = file()) {
			assertThat(read(file)).containsExactly(FIRST);
		}
		Files.createFile(this.directory.resolve("jobs.reading"));
		Files.createFile(this.directory.resolve("jobs.reading-again"));
		try (JobFile file = file()) {
			assertThat(read(file)).isEmpty();
			file.write(List.of(SECOND), List.of(), List::of);
		}
		try (JobFile file = file()) {
			assertThat(read(file)).containsExactly(SECOND);
		}
		assertThat(movedAside()).hasSize(1);
	}

	@Test
	void noMoreThanThreeFilesAreKeptAside() throws IOException {
		for (int i = 0; i < 6; i++) {
			Files.writeString(this.directory.resolve("jobs"), "no store, number " + i);
			try (JobFile file = file()) {
				assertThat(read(file)).isEmpty();
			}
		}
		assertThat(movedAside()).hasSize(3).anySatisfy((path) -> assertThat(path).hasContent("no store, number 5"));
	}

	private List<Path> movedAside() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((path) -> path.getFileName().toString().startsWith("jobs.broken-")).toList();
		}
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
