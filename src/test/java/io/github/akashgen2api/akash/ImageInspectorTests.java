package io.github.akashgen2api.akash;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ImageInspector}.
 */
class ImageInspectorTests {

	@ParameterizedTest
	@ValueSource(strings = { "cat", "city", "fox", "lighthouse", "mountains", "robot" })
	void formatWhenWebpIsWebp(String name) {
		byte[] bytes = AkashGenSamples.paintingBytes(name);
		assertThat(format(bytes)).isEqualTo(ImageFormat.WEBP);
		assertThat(ImageFormat.WEBP.mediaType()).isEqualTo("image/webp");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 7, 11, 100 })
	void formatWhenBytesComeInPiecesIsTheSame(int piece) {
		byte[] bytes = AkashGenSamples.paintingBytes("fox");
		ImageInspector inspector = new ImageInspector();
		for (int start = 0; start < bytes.length; start += piece) {
			inspector.inspect(bytes, start, Math.min(piece, bytes.length - start));
		}
		assertThat(inspector.format()).isEqualTo(ImageFormat.WEBP);
		assertThat(inspector.length()).isEqualTo(bytes.length);
	}

	@Test
	void formatWhenRecordedAsPngIsTheWebpThatItIs() {
		Recording recording = Recording.named("july-2025/6p-image-no-content-type");
		assertThat(recording.answer().header("content-type")).isEqualTo("image/png");
		assertThat(format(recording.body())).isEqualTo(ImageFormat.WEBP);
	}

	@Test
	void formatWhenPngIsOne() throws IOException {
		assertThat(format(image("png"))).isEqualTo(ImageFormat.PNG);
		assertThat(ImageFormat.PNG.mediaType()).isEqualTo("image/png");
	}

	@Test
	void formatWhenJpegIsOne() throws IOException {
		assertThat(format(image("jpeg"))).isEqualTo(ImageFormat.JPEG);
		assertThat(ImageFormat.JPEG.mediaType()).isEqualTo("image/jpeg");
	}

	@Test
	void formatWhenWebpIsCutSaysSo() {
		byte[] bytes = AkashGenSamples.paintingBytes("fox");
		for (int length : new int[] { 12, 100, bytes.length / 2, bytes.length - 1 }) {
			assertThatExceptionOfType(InvalidImageException.class)
				.isThrownBy(() -> format(Arrays.copyOf(bytes, length)))
				.withMessage("truncated WEBP");
		}
	}

	@Test
	void formatWhenWebpHasGrownIsNone() {
		byte[] bytes = AkashGenSamples.paintingBytes("fox");
		assertThatExceptionOfType(InvalidImageException.class)
			.isThrownBy(() -> format(Arrays.copyOf(bytes, bytes.length + 1)))
			.withMessage("truncated WEBP");
	}

	@Test
	void formatWhenPngIsCutSaysSo() throws IOException {
		byte[] bytes = image("png");
		for (int length : new int[] { 8, 20, bytes.length / 2, bytes.length - 1 }) {
			assertThatExceptionOfType(InvalidImageException.class)
				.isThrownBy(() -> format(Arrays.copyOf(bytes, length)))
				.withMessage("truncated PNG");
		}
	}

	@Test
	void formatWhenJpegIsCutSaysSo() throws IOException {
		byte[] bytes = image("jpeg");
		for (int length : new int[] { 3, 20, bytes.length / 2, bytes.length - 1 }) {
			assertThatExceptionOfType(InvalidImageException.class)
				.isThrownBy(() -> format(Arrays.copyOf(bytes, length)))
				.withMessage("truncated JPEG");
		}
	}

	@Test
	void formatWhenEmptySaysSo() {
		assertThatExceptionOfType(InvalidImageException.class).isThrownBy(() -> format(new byte[0]))
			.withMessage("empty");
	}

	@ParameterizedTest
	@ValueSource(strings = { "<html>maintenance</html>", "{\"error\":\"Image not found\"}", "RIFF", "RIFF\0\0\0\0WEB",
			"RIFF\4\0\0\0WAVE", "GIF89a", "%PDF-1.7", "\0" })
	void formatWhenSomethingElseSaysSo(String text) {
		assertThatExceptionOfType(InvalidImageException.class)
			.isThrownBy(() -> format(text.getBytes(StandardCharsets.ISO_8859_1)))
			.withMessage("neither WebP, PNG nor JPEG");
	}

	@Test
	void formatWhenTheFirstElevenBytesOfAWebpIsNone() {
		assertThatExceptionOfType(InvalidImageException.class)
			.isThrownBy(() -> format(Arrays.copyOf(AkashGenSamples.paintingBytes("fox"), 11)))
			.withMessage("neither WebP, PNG nor JPEG");
	}

	private static byte[] image(String format) throws IOException {
		BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		assertThat(ImageIO.write(image, format, bytes)).isTrue();
		return bytes.toByteArray();
	}

	private static ImageFormat format(byte[] bytes) {
		ImageInspector inspector = new ImageInspector();
		inspector.inspect(bytes, 0, bytes.length);
		assertThat(formatOfFile(bytes)).as("the same from the ends of a file").isEqualTo(formatOrReason(inspector));
		return inspector.format();
	}

	private static String formatOfFile(byte[] bytes) {
		try {
			Path file = Files.write(Files.createTempFile("image", null), bytes);
			try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
				return ImageInspector.formatOf(content).name();
			}
			catch (InvalidImageException ex) {
				return String.valueOf(ex.getMessage());
			}
			finally {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String formatOrReason(ImageInspector inspector) {
		try {
			return inspector.format().name();
		}
		catch (InvalidImageException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

}
