package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link PictureFiles}.
 */
class PictureFilesTests {

	private static final PictureName NAME = PictureName.of(new JobId("job"));

	private static final PictureName OTHER = PictureName.of(new JobId("other"));

	private static final Picture FOX = AkashGenSamples.painting("fox");

	@TempDir
	Path directory;

	private PictureFiles files;

	@BeforeEach
	void prepare() throws IOException {
		this.files = new PictureFiles(this.directory);
		this.files.prepare();
	}

	static Stream<Picture> pictures() {
		return Stream.of(FOX, AkashGenSamples.pictureOfLength(5), AkashGenSamples.pictureOfLength(3_000_000));
	}

	@ParameterizedTest
	@MethodSource("pictures")
	void readWhenWrittenIsThePicture(Picture picture) throws IOException {
		this.files.write(NAME, picture);
		assertThat(new PictureFiles(this.directory).read(NAME)).isNotNull()
			.extracting(Picture::bytes, Picture::format)
			.containsExactly(picture.bytes(), picture.format());
	}

	@Test
	void readWhenNeverWrittenIsNothing() throws IOException {
		this.files.write(OTHER, FOX);
		assertThat(this.files.read(NAME)).isNull();
	}

	@Test
	void fileIsThePictureAndAChecksumUnderANameThatNobodyChooses() throws IOException {
		this.files.write(NAME, FOX);
		assertThat(all()).extracting((file) -> this.directory.relativize(file).toString())
			.containsExactly("5e/5e8c9902207afaeb7120430c585a445f21e92932081d64bc99f80e4925bcb002");
		assertThat(Files.readAllBytes(file())).startsWith(FOX.bytes()).hasSize(FOX.bytes().length + 4);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 3, 4, 5, 1000, 20_000 })
	void readWhenCutIsRefused(int length) throws IOException {
		this.files.write(NAME, FOX);
		Files.write(file(), Arrays.copyOf(Files.readAllBytes(file()), length));
		assertBroken(NAME);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 4, 12, 1000, 20_000 })
	void readWhenZerosAreInPlaceOfTheEndIsRefused(int from) throws IOException {
		this.files.write(NAME, FOX);
		byte[] bytes = Files.readAllBytes(file());
		Arrays.fill(bytes, from, bytes.length, (byte) 0);
		Files.write(file(), bytes);
		assertBroken(NAME);
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, -4, -5, 0, 12, 5000 })
	void readWhenABitIsWrongIsRefused(int offset) throws IOException {
		this.files.write(NAME, FOX);
		byte[] bytes = Files.readAllBytes(file());
		bytes[Math.floorMod(offset, bytes.length)] ^= 0b100;
		Files.write(file(), bytes);
		assertBroken(NAME);
	}

	@Test
	void readWhenItIsAnothersPictureIsRefused() throws IOException {
		this.files.write(NAME, FOX);
		this.files.write(OTHER, FOX);
		Path other = all().stream().filter((file) -> !file.equals(file())).findFirst().orElseThrow();
		Files.copy(file(), other, StandardCopyOption.REPLACE_EXISTING);
		assertThat(this.files.read(NAME)).isNotNull();
		assertBroken(OTHER);
	}

	@Test
	void readWhenSomethingElseIsThereIsRefused() throws IOException {
		this.files.write(NAME, FOX);
		Files.writeString(file(), "notes");
		assertBroken(NAME);
		Files.write(file(), FOX.bytes());
		assertBroken(NAME);
	}

	@Test
	void writeWhenItCannotLeavesNothingBehind() throws IOException {
		this.files.write(NAME, FOX);
		Files.delete(file());
		Files.delete(file().getParent());
		Files.createFile(file().getParent());
		assertThatIOException().isThrownBy(() -> this.files.write(NAME, FOX));
		assertThat(all()).containsExactly(file().getParent());
	}

	@Test
	void writeWhenTheDirectoryIsGoneMakesItAnew() throws IOException {
		Files.delete(this.directory);
		this.files.write(NAME, FOX);
		assertThat(this.files.read(NAME)).isNotNull();
	}

	@Test
	void prepareRemovesWhatWasBeingWrittenButNotWhatMayStillBe() throws IOException {
		Path leftOver = Files.writeString(this.directory.resolve("new-1.tmp"), "half");
		Files.setLastModifiedTime(leftOver, FileTime.from(Instant.now().minus(2, ChronoUnit.MINUTES)));
		Path young = Files.writeString(this.directory.resolve("new-2.tmp"), "half");
		Path foreign = Files.writeString(this.directory.resolve("notes.txt"), "mine");
		Files.setLastModifiedTime(foreign, FileTime.from(Instant.EPOCH));
		this.files.prepare();
		assertThat(all()).containsExactlyInAnyOrder(young, foreign);
	}

	@Test
	void listIsThePicturesOfAFolderAndNothingElse() throws IOException {
		this.files.write(NAME, FOX);
		this.files.touch(NAME);
		Files.writeString(file().resolveSibling("notes.txt"), "mine");
		Files.createDirectory(file().resolveSibling("5e" + "0".repeat(62)));
		Files.createSymbolicLink(file().resolveSibling("5e" + "1".repeat(62)), file());
		Files.writeString(file().resolveSibling("f".repeat(64)), "misplaced");
		assertThat(this.files.list(0x5e)).singleElement().satisfies((found) -> {
			assertThat(found.name()).isEqualTo(NAME);
			assertThat(found.bytes()).isEqualTo(PictureFiles.length(FOX));
			assertThat(Instant.ofEpochMilli(found.usedAt())).isBetween(Instant.now().minusSeconds(60), Instant.now());
		});
		assertThat(this.files.list(0xff)).isEmpty();
	}

	private void assertBroken(PictureName name) {
		assertThatExceptionOfType(BrokenPictureException.class).isThrownBy(() -> this.files.read(name));
	}

	private Path file() {
		return this.directory.resolve(NAME.toString().substring(0, 2)).resolve(NAME.toString());
	}

	private List<Path> all() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

}
