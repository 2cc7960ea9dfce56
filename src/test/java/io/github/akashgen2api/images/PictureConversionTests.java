package io.github.akashgen2api.images;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import io.github.akashgen2api.akash.PictureFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PictureConversion}.
 */
class PictureConversionTests {

	private static final JobId ID = new JobId("job");

	private static final Picture FOX = AkashGenSamples.painting("fox");

	/** As libwebp decodes it. */
	private static final int FOX_IN_THE_MIDDLE = 0xFFF3F5F9;

	private static final int FOX_AT_THE_LEFT = 0xFFB5B6BF;

	/** As the sample's two halves are: red, and blue that is half transparent. */
	private static final int RED = 0xFFFF0000;

	private static final int BLUE = 0x800000FF;

	private final PictureConversion conversion = new PictureConversion(settings(0));

	@ParameterizedTest
	@CsvSource({ "png, PNG", "jpeg, JPEG" })
	void convertWhenWebpMakesWhatIsWanted(String wanted, PictureFormat format) throws IOException {
		Picture converted = convert(FOX, wanted);
		assertThat(converted.format()).isEqualTo(format);
		BufferedImage image = image(converted);
		assertThat(image.getWidth()).isEqualTo(1024);
		assertThat(image.getHeight()).isEqualTo(1024);
		assertThat(near(image.getRGB(512, 512), FOX_IN_THE_MIDDLE)).isTrue();
		assertThat(near(image.getRGB(10, 1000), FOX_AT_THE_LEFT)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "png, png", "jpeg, jpeg", "jpeg, jpg", "png, webp" })
	void convertWhenNothingIsToBeDoneKeepsTheBytes(String made, String wanted) throws IOException {
		Picture picture = picture(made, BufferedImage.TYPE_3BYTE_BGR);
		assertThat(convert(picture, wanted)).isSameAs(picture);
	}

	@Test
	void convertWhenDoneBeforeIsKept() {
		PictureConversion keeping = new PictureConversion(settings(16_000_000));
		WantedFormat png = WantedFormat.valueOf("png");
		Picture converted = keeping.convert(ID, FOX, png);
		assertThat(keeping.convert(ID, FOX, png)).isSameAs(converted);
		assertThat(keeping.convert(ID, FOX, WantedFormat.valueOf("jpeg")).format()).isEqualTo(PictureFormat.JPEG);
		assertThat(keeping.convert(new JobId("another"), FOX, png)).isNotSameAs(converted);
	}

	@Test
	void convertWhenNoMoreFitsIsDoneAgain() {
		PictureConversion forgetting = new PictureConversion(settings(1000));
		WantedFormat png = WantedFormat.valueOf("png");
		Picture converted = forgetting.convert(ID, FOX, png);
		assertThat(forgetting.convert(ID, FOX, png)).isNotSameAs(converted);
	}

	@Test
	void convertWhenWebpIsWantedNeverEncodesIt() throws IOException {
		assertThat(convert(FOX, "webp")).isSameAs(FOX);
		assertThat(this.conversion.convert(ID, FOX, WantedFormat.valueOf("webp").withQuality(5))).isSameAs(FOX);
		assertThat(convert(picture("jpeg", BufferedImage.TYPE_3BYTE_BGR), "webp").format())
			.isEqualTo(PictureFormat.PNG);
	}

	@Test
	void convertWhenQualityIsWantedHeedsItForJpegOnly() throws IOException {
		Picture noise = picture("png", noise());
		assertThat(length(convert(noise, "jpeg", 0))).isLessThan(length(convert(noise, "jpeg", 50)));
		assertThat(length(convert(noise, "jpeg", 50))).isLessThan(length(convert(noise, "jpeg", 100)));
		assertThat(convert(noise, "jpeg").bytes()).isEqualTo(convert(noise, "jpeg", 90).bytes());
		Picture jpeg = convert(noise, "jpeg");
		assertThat(length(convert(jpeg, "jpeg", 10))).isLessThan(length(jpeg));
		assertThat(convert(jpeg, "png", 0).bytes()).isEqualTo(convert(jpeg, "png").bytes());
		Picture png = picture("png", BufferedImage.TYPE_3BYTE_BGR);
		assertThat(convert(png, "png", 10)).isSameAs(png);
	}

	@ParameterizedTest
	@ValueSource(strings = { "alpha-lossless", "alpha-lossy" })
	void convertWhenTransparentKeepsThatInPngAndPutsJpegOnWhite(String name) throws IOException {
		BufferedImage png = image(convert(sample(name), "png"));
		assertThat(near(png.getRGB(3, 3), RED)).isTrue();
		assertThat(png.getRGB(12, 3) >>> 24).isZero();
		assertThat(near(png.getRGB(12, 12), BLUE)).isTrue();
		BufferedImage jpeg = image(convert(sample(name), "jpeg", 100));
		assertThat(near(jpeg.getRGB(2, 3), RED)).isTrue();
		assertThat(near(jpeg.getRGB(13, 2), 0xFFFFFFFF)).isTrue();
		assertThat(near(jpeg.getRGB(13, 13), 0xFF7F7FFF)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_BYTE_INDEXED,
			BufferedImage.TYPE_BYTE_BINARY, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_RGB })
	void convertWhenPngIsOfAnyKindMakesAJpeg(int type) throws IOException {
		Picture jpeg = convert(picture("png", type), "jpeg");
		assertThat(jpeg.format()).isEqualTo(PictureFormat.JPEG);
		assertThat(near(image(jpeg).getRGB(8, 8), 0xFFFFFFFF)).isTrue();
	}

	@ParameterizedTest
	@MethodSource
	void convertWhenBrokenSaysSo(Picture broken) {
		assertThatExceptionOfType(PictureUnconvertibleException.class)
			.isThrownBy(() -> convert(broken, (broken.format() == PictureFormat.JPEG) ? "png" : "jpeg"))
			.withMessage("AkashGen's picture cannot be converted: the " + broken.format() + " file is broken")
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID));
	}

	static Stream<Picture> convertWhenBrokenSaysSo() throws IOException {
		byte[] png = picture("png", BufferedImage.TYPE_3BYTE_BGR).bytes().clone();
		Arrays.fill(png, 45, 60, (byte) 0x55);
		byte[] lossless = sample("alpha-lossless").bytes().clone();
		Arrays.fill(lossless, 25, lossless.length, (byte) 0xFF);
		return Stream.of(AkashGenSamples.pictureOfLength(5), AkashGenSamples.pictureOfLength(5000), Picture.of(png),
				webp(new byte[0]), webp(chunk("VP8 ", new byte[0])), webp(chunk("VP8 ", new byte[100])),
				webp(chunk("VP8L", new byte[100])), webp(chunk("VP8X", new byte[3])), webp(chunk("ABCD", new byte[9])),
				Picture.of(lossless), webp(chunk("VP8 ", Arrays.copyOfRange(FOX.bytes(), 20, 2000))));
	}

	@ParameterizedTest
	@MethodSource
	void convertWhenTooLargeRefusesBeforeThereIsNoMemory(Picture large) {
		assertThatExceptionOfType(PictureUnconvertibleException.class).isThrownBy(() -> convert(large, "jpeg"))
			.withMessage("AkashGen's picture cannot be converted: it is too large, or animated");
	}

	static Stream<Picture> convertWhenTooLargeRefusesBeforeThereIsNoMemory() throws IOException {
		ByteBuffer hugeCanvas = ByteBuffer.allocate(10).put(4, new byte[] { -1, -1, -1, -1, -1, -1 });
		ByteBuffer smallCanvas = ByteBuffer.allocate(10).put(4, new byte[] { 15, 0, 0, 15, 0, 0 });
		ByteBuffer animated = ByteBuffer.allocate(10).put(0, (byte) 2);
		ByteBuffer hugeFrame = ByteBuffer.wrap(Arrays.copyOfRange(FOX.bytes(), 20, FOX.bytes().length))
			.order(ByteOrder.LITTLE_ENDIAN)
			.putShort(6, (short) 16383)
			.putShort(8, (short) 16383);
		byte[] hugeLossless = Arrays.copyOf(new byte[] { 0x2F, -1, -1, -1, 0x0F }, 100);
		return Stream.of(picture("png", new BufferedImage(2049, 2048, BufferedImage.TYPE_BYTE_BINARY)),
				webp(chunk("VP8X", hugeCanvas.array())), webp(chunk("VP8L", hugeLossless)),
				webp(chunk("VP8 ", hugeFrame.array())),
				webp(chunk("VP8X", smallCanvas.array()), chunk("EXIF", new byte[3]), chunk("VP8 ", hugeFrame.array())),
				webp(chunk("VP8X", animated.array())));
	}

	@Test
	void convertWhenAsLargeAsCanBeConverts() throws IOException {
		Picture large = picture("png", new BufferedImage(2048, 2048, BufferedImage.TYPE_BYTE_BINARY));
		assertThat(image(convert(large, "jpeg")).getWidth()).isEqualTo(2048);
	}

	@Test
	void convertWhenManyAskAtOnceMakesTheSameForAll() throws Exception {
		byte[] expected = convert(sample("alpha-lossy"), "png").bytes();
		Callable<byte[]> asker = () -> convert(sample("alpha-lossy"), "png").bytes();
		try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
			for (Future<byte[]> converted : askers.invokeAll(List.of(asker, asker, asker, asker, asker, asker))) {
				assertThat(converted.get()).isEqualTo(expected);
			}
		}
	}

	private Picture convert(Picture picture, String wanted) {
		return this.conversion.convert(ID, picture, WantedFormat.valueOf(wanted));
	}

	private Picture convert(Picture picture, String wanted, int quality) {
		return this.conversion.convert(ID, picture, WantedFormat.valueOf(wanted).withQuality(quality));
	}

	/** A white picture. */
	private static Picture picture(String format, int type) throws IOException {
		BufferedImage image = new BufferedImage(16, 16, type);
		for (int i = 0; i < 256; i++) {
			image.setRGB(i / 16, i % 16, 0xFFFFFFFF);
		}
		return picture(format, image);
	}

	private static BufferedImage noise() {
		BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR);
		Random random = new Random(1);
		for (int i = 0; i < 4096; i++) {
			image.setRGB(i / 64, i % 64, random.nextInt());
		}
		return image;
	}

	private static int length(Picture picture) {
		return picture.bytes().length;
	}

	private static Picture picture(String format, BufferedImage image) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		assertThat(ImageIO.write(image, format, bytes)).isTrue();
		return Picture.of(bytes.toByteArray());
	}

	/** Made with {@code cwebp -exact}, without and with {@code -lossless}. */
	private static Picture sample(String name) throws IOException {
		try (InputStream file = PictureConversionTests.class.getResourceAsStream(name + ".webp")) {
			return Picture.of(file.readAllBytes());
		}
	}

	private static Picture webp(byte[]... chunks) {
		int length = 4 + Stream.of(chunks).mapToInt((chunk) -> chunk.length).sum();
		ByteBuffer file = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
		file.put(latin1("RIFF")).putInt(length).put(latin1("WEBP"));
		Stream.of(chunks).forEach(file::put);
		return Picture.of(file.array());
	}

	private static byte[] chunk(String name, byte[] content) {
		return ByteBuffer.allocate(8 + content.length + content.length % 2)
			.order(ByteOrder.LITTLE_ENDIAN)
			.put(latin1(name))
			.putInt(content.length)
			.put(content)
			.array();
	}

	private static byte[] latin1(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static BufferedImage image(Picture picture) throws IOException {
		return ImageIO.read(new ByteArrayInputStream(picture.bytes()));
	}

	/** Whether two colours differ by what lossy formats lose only. */
	private static ImagesSettings settings(long cacheBytes) {
		return new ImagesSettings(null, new Capacity(cacheBytes), StoreDirectory.valueOf("unused"), new Capacity(0),
				Duration.ZERO, 16, 3, Duration.ofMillis(1), Duration.ofMinutes(1), 10);
	}

	private static boolean near(int argb, int other) {
		return Stream.of(0, 8, 16, 24).allMatch((bits) -> Math.abs((argb >> bits & 0xFF) - (other >> bits & 0xFF)) < 8);
	}

}
