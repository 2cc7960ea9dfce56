package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.InvalidImageException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.UncommittedImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FileImageStore}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FileImageStoreTests {

	private static final JobId ID = new JobId("32aa59e6-0c2b-45dc-851e-b60f5eb8bd6f");

	private static final byte[] FOX = AkashGenSamples.paintingBytes("fox");

	@TempDir
	Path directory;

	private final List<String> digests = new ArrayList<>();

	private FileImageStore store;

	private FileImageStore open(long maxBytes) {
		return open(this.directory, maxBytes);
	}

	private FileImageStore open(Path directory, long maxBytes) {
		this.store = newStore(directory, maxBytes);
		return this.store;
	}

	private FileImageStore newStore(Path directory, long maxBytes) {
		return new FileImageStore(
				new ImagesProperties(null, new StorePath(directory), new StoreSize(maxBytes), Duration.ZERO,
						Duration.ofMillis(50), 2, 0, Duration.ofMillis(1), Duration.ofSeconds(1), 10),
				(id, sha256) -> this.digests.add(id + " " + sha256));
	}

	@AfterEach
	void close() throws IOException {
		if (this.store != null) {
			this.store.close();
		}
	}

	@Test
	void imageIsAPlainFileThatAnOperatorCanOpen() throws IOException {
		store(open(1_000_000), ID, FOX);
		assertThat(files()).singleElement().satisfies((file) -> {
			assertThat(this.directory.relativize(file).toString()).matches("[0-9a-f]{2}/" + ID + "\\.webp");
			assertThat(file).hasBinaryContent(FOX);
		});
	}

	@Test
	void imageIsFoundAfterARestart() throws IOException {
		store(open(1_000_000), ID, FOX);
		this.store.close();
		assertThat(open(1_000_000).find(ID)).hasValueSatisfying((image) -> {
			assertThat(image.format()).isEqualTo(ImageFormat.WEBP);
			assertThat(image.length()).isEqualTo(FOX.length);
			assertThat(image.file()).hasBinaryContent(FOX);
		});
		assertThat(this.store.find(new JobId("another-job"))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "A", "a", "con", "nul", "Job-1", "job-1-", "_", "-", "sha256-0",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" })
	void idThatAFileSystemCouldConfuseIsNotAFileName(String id) throws IOException {
		store(open(1_000_000), new JobId(id), FOX);
		assertThat(files()).singleElement()
			.satisfies((file) -> assertThat(file.getFileName().toString()).matches("sha256-[0-9a-f]{64}\\.webp"));
		assertThat(this.store.find(new JobId(id))).isPresent();
	}

	@Test
	void incompleteImageIsNeverStored() throws IOException {
		open(1_000_000);
		byte[] cut = Arrays.copyOf(FOX, FOX.length - 1);
		assertThatExceptionOfType(InvalidImageException.class).isThrownBy(() -> store(this.store, ID, cut))
			.withMessage("truncated WEBP");
		UncommittedImage abandoned = this.store.open();
		abandoned.write(FOX, 0, FOX.length);
		abandoned.close();
		assertThat(this.store.find(ID)).isEmpty();
		assertThat(files()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 5, 1000 })
	void imageThatAPowerCutTruncatedIsNotFound(int length) throws IOException {
		store(open(1_000_000), ID, FOX);
		Files.write(files().getFirst(), Arrays.copyOf(FOX, length));
		assertThat(this.store.find(ID)).isEmpty();
		assertThat(files()).isEmpty();
	}

	@Test
	void leastRecentlyUsedImagesAreRemovedFirst() throws IOException {
		open(10_000);
		for (int i = 0; i < 9; i++) {
			store(this.store, new JobId("job-number-" + i), AkashGenSamples.imageOfLength(1000));
			setUsed(new JobId("job-number-" + i), Instant.now().minus(Duration.ofDays(20 - i)));
		}
		assertThat(this.store.find(new JobId("job-number-0"))).isPresent();
		store(this.store, new JobId("job-number-9"), AkashGenSamples.imageOfLength(2000));
		assertThat(this.store.find(new JobId("job-number-0"))).as("used just now").isPresent();
		assertThat(this.store.find(new JobId("job-number-1"))).isEmpty();
		assertThat(this.store.find(new JobId("job-number-8"))).isPresent();
		assertThat(this.store.find(new JobId("job-number-9"))).isPresent();
		assertThat(bytes()).isLessThanOrEqualTo(10_000);
	}

	@Test
	void imagesOfThePreviousProcessAreRemovedWhenTheStoreHasBecomeSmaller() throws IOException {
		open(1_000_000);
		for (int i = 0; i < 20; i++) {
			store(this.store, new JobId("job-number-" + i), AkashGenSamples.imageOfLength(1000));
			setUsed(new JobId("job-number-" + i), Instant.now().minus(Duration.ofDays(20 - i)));
		}
		this.store.close();
		store(open(10_000), ID, AkashGenSamples.imageOfLength(1000));
		org.awaitility.Awaitility.await().ignoreExceptions().until(() -> bytes() <= 10_000);
		assertThat(this.store.find(ID)).isPresent();
		assertThat(this.store.find(new JobId("job-number-0"))).isEmpty();
	}

	@Test
	void imageLargerThanTheStoreStaysUntilTheNext() throws IOException {
		store(open(10), ID, FOX);
		assertThat(this.store.find(ID)).isPresent();
		store(this.store, new JobId("another-job"), FOX);
		assertThat(this.store.find(new JobId("another-job"))).isPresent();
		assertThat(this.store.find(ID)).isEmpty();
	}

	@Test
	void filesOfAnOperatorAreLeftAlone() throws IOException {
		Path note = Files.write(this.directory.resolve("note.txt"), new byte[100_000]);
		Path folder = Files.createDirectories(this.directory.resolve("ab"));
		Path other = Files.write(folder.resolve("Holiday.JPG"), new byte[100_000]);
		Path foreign = Files.createDirectories(this.directory.resolve("album"));
		Path image = Files.write(foreign.resolve("summer-1.webp"), new byte[100_000]);
		open(1000);
		for (int i = 0; i < 3; i++) {
			store(this.store, new JobId("job-number-" + i), AkashGenSamples.imageOfLength(1000));
		}
		assertThat(note).exists();
		assertThat(other).exists();
		assertThat(image).exists();
	}

	@Test
	void imageOfVersion01IsFoundAndMigrated() throws Exception {
		Path legacy = writeLegacy(ID, FOX, 0);
		open(1_000_000);
		assertThat(this.store.find(ID)).hasValueSatisfying((image) -> assertThat(image.file()).hasBinaryContent(FOX));
		assertThat(legacy).doesNotExist();
		assertThat(this.store.find(ID)).isPresent();
	}

	@Test
	void damagedImageOfVersion01IsRemoved() throws Exception {
		Path legacy = writeLegacy(ID, FOX, 1);
		open(1_000_000);
		assertThat(this.store.find(ID)).isEmpty();
		assertThat(legacy).doesNotExist();
		this.store.close();
		Files.write(legacy, new byte[2]);
		open(1_000_000);
		assertThat(this.store.find(ID)).isEmpty();
		assertThat(files()).isEmpty();
	}

	@Test
	void imagesOfVersion01CountAndAreRemovedToo() throws Exception {
		Path legacy = writeLegacy(ID, FOX, 0);
		Files.setLastModifiedTime(legacy, FileTime.from(Instant.now().minus(Duration.ofDays(9))));
		store(open(FOX.length + 100), new JobId("another-job"), FOX);
		org.awaitility.Awaitility.await().until(() -> !Files.exists(legacy));
		assertThat(this.store.find(new JobId("another-job"))).isPresent();
	}

	@Test
	void imageIsStoredTemporarilyWhenTheSizeIsZero() throws IOException {
		store(open(0), ID, FOX);
		Path file = this.store.find(ID).orElseThrow().file();
		assertThat(file).hasBinaryContent(FOX);
		assertThat(file.startsWith(this.directory)).isFalse();
		this.store.close();
		assertThat(file).doesNotExist();
		assertThat(files()).isEmpty();
	}

	@Test
	void noMoreThanThirtyTwoMegabytesAreStoredTemporarily() {
		open(0);
		for (int i = 0; i < 5; i++) {
			store(this.store, new JobId("job-number-" + i), AkashGenSamples.imageOfLength(8 * 1024 * 1024));
		}
		assertThat(this.store.find(new JobId("job-number-0"))).isEmpty();
		assertThat(this.store.find(new JobId("job-number-4"))).isPresent();
	}

	@Test
	void directoryThatIsNotWritableIsTriedAgain(CapturedOutput output) throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		store(open(file.resolve("images"), 1_000_000), ID, FOX);
		assertThat(this.store.find(ID)).isPresent();
		store(this.store, new JobId("another-job"), FOX);
		Files.delete(file);
		store(this.store, new JobId("a-third-job"), FOX);
		assertThat(file.resolve("images")).isDirectoryRecursivelyContaining("glob:**/a-third-job.webp");
		assertThat(output.getAll().lines().filter((line) -> line.contains("Images are written to"))).hasSize(1);
		assertThat(output.getAll().lines().filter((line) -> line.contains("Cannot write images to"))).hasSize(1);
	}

	@Test
	void imagesBeyondTheWriteBudgetWait() {
		open(0);
		byte[] half = new byte[9 * 1024 * 1024];
		try (UncommittedImage first = this.store.open(); UncommittedImage second = this.store.open()) {
			first.write(half, 0, half.length);
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(ImageStorageException.class).isThrownBy(() -> second.write(half, 0, half.length));
			assertThat(Thread.interrupted()).isTrue();
		}
		store(this.store, ID, AkashGenSamples.imageOfLength(9 * 1024 * 1024));
	}

	@Test
	void deleteRemovesTheImageAndItsConversions() throws IOException {
		store(open(1_000_000), ID, FOX);
		this.store.storeConversion(ID, "png", (target) -> write(target, AkashGenSamples.imageOfLength(100)));
		assertThat(this.store.findConversion(ID, "png")).isPresent();
		assertThat(this.store.findConversion(ID, "q80")).isEmpty();
		this.store.delete(ID);
		assertThat(this.store.find(ID)).isEmpty();
		assertThat(this.store.findConversion(ID, "png")).isEmpty();
		assertThat(files()).isEmpty();
	}

	@Test
	void listPassesOnAllImagesAndConversions() {
		open(1_000_000).list((_) -> {
			throw new IllegalStateException("nothing is stored yet");
		});
		store(this.store, ID, FOX);
		StoredImage conversion = this.store.storeConversion(ID, "jpeg",
				(target) -> write(target, AkashGenSamples.imageOfLength(100)));
		List<StoredImage> images = new ArrayList<>();
		this.store.list(images::add);
		assertThat(images).containsExactlyInAnyOrder(this.store.find(ID).orElseThrow(), conversion);
	}

	@Test
	void listenerLearnsTheDigestOfEachStoredFile() throws Exception {
		JobId legacy = new JobId("00000000-0000-0000-0000-000000000000");
		writeLegacy(legacy, FOX, 0);
		byte[] png = AkashGenSamples.imageOfLength(100);
		store(open(1_000_000), ID, FOX);
		this.store.storeConversion(ID, "jpeg", (target) -> write(target, png));
		this.store.find(legacy);
		assertThat(this.digests).containsExactly(ID + " " + sha256(FOX), ID + " " + sha256(png),
				legacy + " " + sha256(FOX));
	}

	@Test
	void listenerLearnsNothingOfWhatIsNotStored() {
		try (UncommittedImage image = open(1_000_000).open()) {
			image.write(FOX, 0, FOX.length / 2);
			assertThatExceptionOfType(InvalidImageException.class).isThrownBy(() -> image.commit(ID));
		}
		assertThat(this.digests).isEmpty();
	}

	@Test
	void twoProcessesMayUseOneDirectory() {
		open(1_000_000);
		try (FileImageStore other = newStore(this.directory, 1_000_000);
				UncommittedImage first = this.store.open();
				UncommittedImage second = other.open()) {
			first.write(FOX, 0, FOX.length);
			second.write(FOX, 0, FOX.length);
			first.commit(ID);
			second.commit(ID);
			assertThat(other.find(ID)).isEqualTo(this.store.find(ID)).isPresent();
			other.delete(ID);
			assertThat(this.store.find(ID)).isEmpty();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void write(java.io.OutputStream target, byte[] bytes) {
		try {
			target.write(bytes);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void store(FileImageStore store, JobId id, byte[] bytes) {
		try (UncommittedImage image = store.open()) {
			image.write(bytes, 0, bytes.length / 2);
			image.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
			image.commit(id);
		}
	}

	private void setUsed(JobId id, Instant time) throws IOException {
		ImageFileName name = ImageFileName.of(id);
		Files.setLastModifiedTime(this.directory.resolve(name.folder()).resolve(name.stem() + ".jpg"),
				FileTime.from(time));
	}

	/** As version 0.1 wrote it: the image, and the CRC-32 of its name and it. */
	private Path writeLegacy(JobId id, byte[] image, int damage) throws IOException, NoSuchAlgorithmException {
		String name = sha256(id.value().getBytes(StandardCharsets.US_ASCII));
		CRC32 checksum = new CRC32();
		checksum.update(name.getBytes(StandardCharsets.US_ASCII));
		checksum.update(image);
		Path folder = Files.createDirectories(this.directory.resolve(name.substring(0, 2)));
		byte[] content = Arrays.copyOf(image, image.length + 4);
		java.nio.ByteBuffer.wrap(content).putInt(image.length, (int) checksum.getValue() + damage);
		return Files.write(folder.resolve(name), content);
	}

	private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
	}

	private List<Path> files() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

	private long bytes() throws IOException {
		long bytes = 0;
		for (Path file : files()) {
			bytes += Files.size(file);
		}
		return bytes;
	}

}
