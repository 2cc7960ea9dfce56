package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PictureArchive}.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class PictureArchiveTests {

	private static final JobId ID = new JobId("job");

	private static final Picture PICTURE = AkashGenSamples.pictureOfLength(996);

	@TempDir
	Path parent;

	private final List<PictureArchive> open = new ArrayList<>();

	@AfterEach
	void close() {
		this.open.forEach(PictureArchive::close);
	}

	@Test
	void pictureIsFoundAgainAfterARestart() {
		restartAfter((archive) -> archive.keep(ID, PICTURE));
		PictureArchive archive = archive(10_000);
		assertThat(archive.picture(ID)).isNotNull().extracting(Picture::bytes).isEqualTo(PICTURE.bytes());
		assertThat(archive.picture(new JobId("other"))).isNull();
		assertThat(archive.stored(ID)).isCompletedWithValue(true);
		assertThat(archive.stored(new JobId("other"))).isCompletedWithValue(false);
	}

	@Test
	void storedWhenThePictureWaitsIsToldWhenItIsWritten() {
		PictureArchive archive = archive(10_000);
		archive.keep(ID, PICTURE);
		assertThat(archive.stored(ID).join()).isTrue();
		assertThat(file(ID)).isNotEmptyFile();
		assertThat(archive.stored(ID)).isCompletedWithValue(true);
	}

	@Test
	void keepWhenThePictureIsLargerThanTheBoundDoesNot() {
		PictureArchive archive = archive(999);
		archive.keep(ID, PICTURE);
		assertThat(archive.stored(ID)).isCompletedWithValue(false);
		assertThat(archive.picture(ID)).isNull();
	}

	@Test
	void keepNeverTakesMoreThanTheBound() {
		PictureArchive archive = archive(5_000);
		// Between two pictures, some of what was kept before is found: then it all is.
		for (int i = 100; i < 120; i++) {
			archive.keep(id(i), PICTURE);
			assertThat(archive.stored(id(i)).join()).isTrue();
		}
		for (int i = 0; i < 30; i++) {
			archive.keep(id(i), PICTURE);
			assertThat(archive.stored(id(i)).join()).isTrue();
			assertThat(bytesOnDisk()).isLessThanOrEqualTo(5_000);
		}
		assertThat(IntStream.range(0, 30).filter((i) -> archive.picture(id(i)) != null)).containsExactly(25, 26, 27, 28,
				29);
	}

	@Test
	void restartForgetsNotWhatWasUsedWhen() throws IOException {
		restartAfter((archive) -> {
			for (int i = 0; i < 4; i++) {
				archive.keep(id(i), PICTURE);
			}
		});
		for (int i = 0; i < 4; i++) {
			Files.setLastModifiedTime(file(id(i)), FileTime.from(Instant.now().minus(Duration.ofHours(10 + i))));
		}
		restartAfter((archive) -> assertThat(archive.picture(id(3))).isNotNull());
		PictureArchive smaller = archive(3_000);
		Awaitility.await().until(() -> !Files.exists(file(id(2))));
		smaller.keep(id(4), PICTURE);
		assertThat(smaller.stored(id(4)).join()).isTrue();
		assertThat(IntStream.range(0, 5).filter((i) -> Files.exists(file(id(i))))).containsExactly(0, 3, 4);
	}

	@Test
	void lookElsewhereCountsAsUse() throws IOException {
		restartAfter((archive) -> archive.keep(ID, PICTURE));
		Files.setLastModifiedTime(file(ID), FileTime.from(Instant.EPOCH));
		PictureArchive archive = archive(10_000);
		Awaitility.await().untilAsserted(() -> {
			archive.looked(ID);
			assertThat(Files.getLastModifiedTime(file(ID)).toInstant()).isAfter(Instant.EPOCH);
		});
	}

	@Test
	void brokenPictureIsNotServedAndGoes() throws IOException {
		restartAfter((archive) -> archive.keep(ID, PICTURE));
		Files.write(file(ID), new byte[1000]);
		PictureArchive archive = archive(10_000);
		assertThat(archive.stored(ID)).isCompletedWithValue(false);
		assertThat(archive.picture(ID)).isNull();
		Awaitility.await().until(() -> !Files.exists(file(ID)));
		archive.keep(ID, PICTURE);
		assertThat(archive.stored(ID).join()).isTrue();
	}

	@Test
	void picturesThatTheOperatorDeletesAreNotThere(CapturedOutput output) throws IOException {
		PictureArchive archive = archive(2_000);
		archive.keep(ID, PICTURE);
		assertThat(archive.stored(ID).join()).isTrue();
		Files.delete(file(ID));
		Files.delete(file(ID).getParent());
		Files.delete(directory());
		assertThat(archive.picture(ID)).isNull();
		for (int i = 0; i < 3; i++) {
			archive.keep(id(i), PICTURE);
			assertThat(archive.stored(id(i)).join()).isTrue();
		}
		Awaitility.await().until(() -> bytesOnDisk() == 2_000);
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void directoryThatCannotBeMadeIsToldOnceAndTriedAgain(CapturedOutput output) throws IOException {
		Files.createFile(directory());
		PictureArchive archive = archive(10_000);
		for (int i = 0; i < 5; i++) {
			archive.keep(id(i), PICTURE);
			assertThat(archive.stored(id(i)).join()).isFalse();
			assertThat(archive.picture(id(i))).isNull();
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("Pictures cannot be written to " + directory()
					+ ", and are kept in memory only until they can: java.nio.file.FileAlreadyExistsException");
		Files.delete(directory());
		awaitKept(archive, ID);
		assertThat(output.getAll().lines().filter((line) -> line.contains("Pictures are written to"))).hasSize(1);
	}

	@Test
	void diskThatFailsLaterIsToldOnceAndAgainWhenItIsOver(CapturedOutput output) throws IOException {
		PictureArchive archive = archive(10_000);
		archive.keep(ID, PICTURE);
		assertThat(archive.stored(ID).join()).isTrue();
		Path aside = this.parent.resolve("aside");
		Files.move(directory(), aside);
		Files.createFile(directory());
		Awaitility.await().pollInterval(Duration.ofMillis(5)).during(Duration.ofMillis(200)).until(() -> {
			archive.keep(id(1), PICTURE);
			return !archive.stored(id(1)).join();
		});
		Files.delete(directory());
		Files.move(aside, directory());
		awaitKept(archive, id(2));
		assertThat(archive.picture(ID)).isNotNull();
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN"))).hasSize(1);
		assertThat(output.getAll().lines().filter((line) -> line.contains("Pictures are written to"))).hasSize(1);
	}

	@Test
	void keepWhileTheDiskIsLeftAloneDoesNotTryIt() throws IOException {
		Files.createFile(directory());
		PictureArchive archive = archive(10_000, Duration.ofHours(1));
		Files.delete(directory());
		archive.keep(ID, PICTURE);
		assertThat(archive.stored(ID)).isCompletedWithValue(false);
		assertThat(directory()).doesNotExist();
	}

	@Test
	void nothingIsMadeWhenNothingShallBeKept() {
		PictureArchive archive = archive(0);
		archive.keep(ID, PICTURE);
		archive.looked(ID);
		assertThat(archive.picture(ID)).isNull();
		assertThat(archive.stored(ID)).isCompletedWithValue(false);
		assertThat(directory()).doesNotExist();
	}

	@Test
	void closeWritesWhatWaits() {
		PictureArchive archive = archive(1_000_000);
		IntStream.range(0, 100).forEach((i) -> archive.keep(id(i), PICTURE));
		archive.close();
		assertThat(bytesOnDisk()).isEqualTo(100_000);
	}

	private static void awaitKept(PictureArchive archive, JobId id) {
		Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> {
			archive.keep(id, PICTURE);
			return archive.stored(id).join();
		});
	}

	private void restartAfter(Consumer<PictureArchive> work) {
		PictureArchive archive = archive(10_000);
		work.accept(archive);
		archive.close();
	}

	private PictureArchive archive(long maxBytes) {
		return archive(maxBytes, Duration.ofMillis(20));
	}

	private PictureArchive archive(long maxBytes, Duration pause) {
		PictureArchive archive = new PictureArchive(
				new ImagesSettings(null, new Capacity(0), new StoreDirectory(directory()), new Capacity(maxBytes),
						pause, 1, 0, Duration.ofMillis(1), Duration.ofMinutes(1), 10));
		this.open.add(archive);
		return archive;
	}

	private static JobId id(int number) {
		return new JobId("job-" + number);
	}

	private Path directory() {
		return this.parent.resolve("pictures");
	}

	private Path file(JobId id) {
		String name = PictureName.of(id).toString();
		return directory().resolve(name.substring(0, 2)).resolve(name);
	}

	private long bytesOnDisk() {
		try (Stream<Path> files = Files.walk(directory())) {
			return files.filter(Files::isRegularFile).mapToLong((file) -> file.toFile().length()).sum();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
