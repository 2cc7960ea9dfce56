package io.github.akashgen2api.images;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import com.sun.management.ThreadMXBean;
import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.ImageFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ImageConverter}.
 */
class ImageConverterTests {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	/** Far less than any of the decoders would allocate for these files. */
	private static final long LITTLE_MEMORY = 4 * 1024 * 1024;

	/** As libwebp decodes the sample. */
	private static final int FOX_IN_THE_MIDDLE = 0xFFF3F5F9;

	private static final int FOX_AT_THE_LEFT = 0xFFB5B6BF;

	private static final int RED = 0xFFFF0000;

	private static final int BLUE = 0x800000FF;

	@TempDir
	private Path directory;

	@BeforeEach
	void loadClasses() throws IOException {
		ImageIO.setUseCache(false);
		for (ImageFormat format : ImageFormat.values()) {
			Path broken = file(new byte[] { 1, 2, 3 });
			assertThatExceptionOfType(UnconvertibleImageException.class).isThrownBy(() -> check(broken, format));
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void convertWhenDecoderWouldTakeMuchRefusesFromTheHeaders(String name, ImageFormat format, byte[] bytes,
			String message) throws IOException {
		Path file = file(bytes);
		long before = THREADS.getCurrentThreadAllocatedBytes();
		assertThatExceptionOfType(UnconvertibleImageException.class)
			.isThrownBy(
					() -> ImageConverter.convert(file, format, ImageFormat.PNG, null, OutputStream.nullOutputStream()))
			.withMessage(message);
		assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(LITTLE_MEMORY);
	}

	static Stream<Object[]> convertWhenDecoderWouldTakeMuchRefusesFromTheHeaders() throws IOException {
		String tooLarge = "it is too large";
		String broken = "the WEBP file is broken";
		byte[] fox = AkashGenSamples.paintingBytes("fox");
		byte[] foxFrame = Arrays.copyOfRange(fox, 20, fox.length);
		byte[] gigabyteProfile = new byte[256];
		ByteBuffer.wrap(gigabyteProfile).putInt(1 << 30).position(36).put("acsp".getBytes(StandardCharsets.US_ASCII));
		byte[] hugeChunk = chunk("ICCP", new byte[128]);
		ByteBuffer.wrap(hugeChunk).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 1 << 30);
		byte[] tinyVp8l = new Vp8l(16, 16).noTransforms().noCache().noGroups().codes(1).bytes();
		byte[] deepPng = png(2048, 2048, 16, 6, 0);
		return Stream.of(
				webp("profile of 1 GB", broken, chunk("VP8X", canvas(0x20, 16, 16)), chunk("ICCP", gigabyteProfile),
						chunk("VP8L", tinyVp8l)),
				webp("profile chunk of 1 GB", broken, chunk("VP8X", canvas(0x20, 16, 16)), hugeChunk),
				webp("profile of 2 MB", tooLarge, chunk("VP8X", canvas(0x20, 16, 16)), chunk("ICCP", new byte[2 << 20]),
						chunk("VP8L", tinyVp8l)),
				webp("65,536 groups of prefix codes", tooLarge, chunk("VP8L",
						new Vp8l(2048, 2048).noTransforms().noCache().groups(65_536, 512 * 512).codes(65_536).bytes())),
				webp("65,536 groups of prefix codes in alpha", tooLarge, chunk("VP8X", canvas(0x10, 1024, 1024)), chunk(
						"ALPH",
						new Vp8l(1024, 1024).noTransforms().noCache().groups(65_536, 256 * 256).codes(65_536).alpha()),
						chunk("VP8 ", foxFrame)),
				webp("20,000 transforms", broken,
						chunk("VP8L", new Vp8l(2048, 2048).predictors(20_000).noTransforms().bytes())),
				webp("100,000 transforms without data", broken,
						chunk("VP8L", new Vp8l(2048, 2048).subtractGreens(100_000).noTransforms().bytes())),
				webp("codes for no symbols", broken,
						chunk("VP8L", new Vp8l(2048, 2048).noTransforms().noCache().noGroups().emptyCode().bytes())),
				webp("16384 × 16384 in 100 bytes", tooLarge,
						chunk("VP8L", Arrays.copyOf(new byte[] { 0x2F, -1, -1, -1, 0x0F }, 100))),
				webp("canvas of 16 million × 16 million", tooLarge, chunk("VP8X", canvas(0, 1 << 24, 1 << 24)),
						chunk("VP8 ", foxFrame)),
				webp("one row", tooLarge, chunk("VP8X", canvas(0, 1 << 22, 1)), chunk("VP8 ", foxFrame)),
				webp("frame larger than its canvas", broken, chunk("VP8X", canvas(0, 16, 16)),
						chunk("VP8 ", lossy(16_383, 16_383))),
				webp("lossless frame larger than its canvas", broken, chunk("VP8X", canvas(0, 16, 16)),
						chunk("VP8L", Arrays.copyOf(new byte[] { 0x2F, -1, -1, -1, 0x0F }, 100))),
				webp("frame of 16383 × 16383", tooLarge, chunk("VP8 ", lossy(16_383, 16_383))),
				webp("wide frame", tooLarge, chunk("VP8 ", lossy(16_383, 256))),
				webp("two frames", broken, chunk("VP8X", canvas(0, 1024, 1024)), chunk("VP8 ", foxFrame),
						chunk("VP8 ", foxFrame)),
				webp("100,000 chunks", broken, chunk("VP8X", canvas(0, 1024, 1024)), new byte[100_000 * 8],
						chunk("VP8 ", foxFrame)),
				webp("large alpha", tooLarge, chunk("VP8X", canvas(0x10, 2048, 2048)),
						chunk("ALPH", new Vp8l(2048, 2048).noTransforms().noCache().noGroups().codes(1).alpha()),
						chunk("VP8 ", lossy(2048, 2048))),
				webp("animated", "it is animated", chunk("VP8X", canvas(2, 16, 16)), chunk("ANIM", new byte[6])),
				png("16 bits and alpha", tooLarge, deepPng),
				png("16 bits and alpha, interlaced", tooLarge, png(2048, 2048, 16, 6, 1)),
				png("16 bits and transparent", tooLarge, png(1700, 1700, 16, 2, 0, pngChunk("tRNS", new byte[6]))),
				png("65,535 × 65,535 of one bit", tooLarge, png(65_535, 65_535, 1, 0, 0)),
				png("one row", tooLarge, png(1 << 22, 1, 8, 6, 0)),
				png("largest sides", tooLarge, png(Integer.MAX_VALUE, Integer.MAX_VALUE, 16, 6, 0)),
				png("compressed text of 32 MB", tooLarge,
						png(16, 16, 8, 3, 0, pngChunk("zTXt", concat(latin1("a\0\0"), zeros(32 << 20))))),
				png("compressed international text of 32 MB", tooLarge,
						png(16, 16, 8, 3, 0, pngChunk("iTXt", concat(latin1("a\0\1\0en\0b\0"), zeros(32 << 20))))),
				png("compressed profile of 32 MB", tooLarge,
						png(16, 16, 8, 3, 0, pngChunk("iCCP", concat(latin1("a\0\0"), zeros(32 << 20))))),
				png("many compressed texts", tooLarge,
						png(16, 16, 8, 3, 0,
								IntStream.range(0, 20)
									.mapToObj((_) -> pngChunk("zTXt", concat(latin1("a\0\0"), zeros(100_000))))
									.toArray(byte[][]::new))),
				png("chunk of 2 GB", "the PNG file is broken", png(16, 16, 8, 3, 0, pngOfClaimedLength())),
				png("unknown chunks of 4 MB", tooLarge, png(16, 16, 8, 3, 0, pngChunk("abCd", new byte[4 << 20]))),
				jpeg("65500 × 65500", tooLarge, resized(jpeg(16, 16, false), 65_500, 65_500)),
				jpeg("one row", tooLarge, resized(jpeg(16, 16, false), 65_500, 1)),
				jpeg("hundreds of scans", tooLarge, scans(jpeg(1024, 1024, true), 300)),
				jpeg("large and progressive", tooLarge, resized(jpeg(16, 16, true), 2048, 2048)),
				jpeg("profiles of 2 MB", tooLarge, profiled(jpeg(16, 16, false), 32)),
				jpeg("12 bits", "the JPEG file is broken", ofTwelveBits(jpeg(16, 16, false))),
				jpeg("cut", "the JPEG file is broken", Arrays.copyOf(jpeg(16, 16, false), 100)));
	}

	/** Their second tables take three times as much memory as the first ones. */
	@Test
	void convertWhenPrefixCodesAreLongCountsAllTheirTables() throws IOException {
		Path file = file(webp(chunk("VP8L",
				new Vp8l(1024, 1024).noTransforms().noCache().groups(3000, 256 * 256).longCodes(3000).bytes())));
		assertThatExceptionOfType(UnconvertibleImageException.class).isThrownBy(() -> check(file, ImageFormat.WEBP))
			.withMessage("it is too large");
	}

	@Test
	void convertWhenWebpHasOneColourConverts() throws IOException {
		byte[] white = webp(chunk("VP8L", new Vp8l(1024, 1024).noTransforms().noCache().noGroups().codes(1).bytes()));
		assertThat(white).hasSizeLessThan(60);
		assertThat(image(convert(white, ImageFormat.WEBP, ImageFormat.PNG, null)).getWidth()).isEqualTo(1024);
	}

	/** Reading on, with an exception for each pixel, takes a minute. */
	@Test
	void convertWhenLosslessWebpIsTruncatedSaysSo() throws IOException {
		byte[] cut = webp(chunk("VP8L",
				new Vp8l(2048, 2048).noTransforms().noCache().groups(300, 512 * 512).longCodes(300).bytes()));
		Path file = file(cut);
		assertThatExceptionOfType(UnconvertibleImageException.class).isThrownBy(() -> check(file, ImageFormat.WEBP))
			.withMessage("the WEBP file is broken")
			.withStackTraceContaining("The file is cut");
	}

	@ParameterizedTest
	@CsvSource({ "PNG", "JPEG" })
	void convertWhenWebpReturnsTheRequestedFormat(ImageFormat to) throws IOException {
		BufferedImage image = image(convert(AkashGenSamples.paintingBytes("fox"), ImageFormat.WEBP, to, null));
		assertThat(image.getWidth()).isEqualTo(1024);
		assertThat(image.getHeight()).isEqualTo(1024);
		assertThat(near(image.getRGB(512, 512), FOX_IN_THE_MIDDLE)).isTrue();
		assertThat(near(image.getRGB(10, 1000), FOX_AT_THE_LEFT)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "alpha-lossless", "alpha-lossy" })
	void convertWhenTransparentLeavesThatInPngAndPutsJpegOnWhite(String name) throws IOException {
		BufferedImage png = image(convert(sample(name), ImageFormat.WEBP, ImageFormat.PNG, null));
		assertThat(near(png.getRGB(3, 3), RED)).isTrue();
		assertThat(png.getRGB(12, 3) >>> 24).isZero();
		assertThat(near(png.getRGB(12, 12), BLUE)).isTrue();
		BufferedImage jpeg = image(convert(sample(name), ImageFormat.WEBP, ImageFormat.JPEG, 100));
		assertThat(near(jpeg.getRGB(2, 3), RED)).isTrue();
		assertThat(near(jpeg.getRGB(13, 2), 0xFFFFFFFF)).isTrue();
		assertThat(near(jpeg.getRGB(13, 13), 0xFF7F7FFF)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_BYTE_INDEXED,
			BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_3BYTE_BGR })
	void convertWhenPngIsOfAnyKindMakesAJpeg(int type) throws IOException {
		BufferedImage png = new BufferedImage(16, 16, type);
		boolean isGray = type == BufferedImage.TYPE_BYTE_GRAY || type == BufferedImage.TYPE_USHORT_GRAY;
		if (isGray) {
			int value = (type == BufferedImage.TYPE_USHORT_GRAY) ? 0x6666 : 0x66;
			IntStream.range(0, 256).forEach((i) -> png.getRaster().setSample(i / 16, i % 16, 0, value));
		}
		else {
			IntStream.range(0, 256).forEach((i) -> png.setRGB(i / 16, i % 16, 0xFF336699));
		}
		BufferedImage jpeg = image(convert(encoded(png, "png"), ImageFormat.PNG, ImageFormat.JPEG, 100));
		if (isGray) {
			int[] pixel = jpeg.getRaster().getPixel(8, 8, (int[]) null);
			assertThat(IntStream.of(pixel)).allMatch((value) -> Math.abs(value - 0x66) < 4);
		}
		else {
			assertThat(near(jpeg.getRGB(8, 8), 0xFF336699)).isTrue();
		}
	}

	@Test
	void convertWhenPngHasDeepColoursAndAlphaPutsThemOnWhite() throws IOException {
		BufferedImage deep = ImageTypeSpecifier
			.createInterleaved(ColorSpace.getInstance(ColorSpace.CS_sRGB), new int[] { 0, 1, 2, 3 },
					DataBuffer.TYPE_USHORT, true, false)
			.createBufferedImage(16, 16);
		IntStream.range(0, 256)
			.forEach((i) -> deep.getRaster().setPixel(i / 16, i % 16, new int[] { 0x3333, 0x6666, 0x9999, 0x8000 }));
		BufferedImage jpeg = image(convert(encoded(deep, "png"), ImageFormat.PNG, ImageFormat.JPEG, 100));
		assertThat(near(jpeg.getRGB(8, 8), 0xFF99B2CC)).isTrue();
	}

	@Test
	void convertWhenPngHasGreyAndAlphaPutsThemOnWhite() throws IOException {
		BufferedImage grey = ImageTypeSpecifier.createGrayscale(8, DataBuffer.TYPE_BYTE, false, false)
			.createBufferedImage(16, 16);
		IntStream.range(0, 256).forEach((i) -> grey.getRaster().setPixel(i / 16, i % 16, new int[] { 0x66, 0x80 }));
		BufferedImage jpeg = image(convert(encoded(grey, "png"), ImageFormat.PNG, ImageFormat.JPEG, 100));
		assertThat(near(jpeg.getRGB(8, 8), 0xFFB2B2B2)).isTrue();
	}

	@Test
	void convertWhenPngHasTextsAndPaletteMakesAJpeg() throws IOException {
		byte[] png = png(64, 64, 8, 3, 0, pngChunk("zTXt", concat(latin1("Comment\0\0"), zeros(10_000))),
				pngChunk("iTXt", latin1("XML:com.adobe.xmp\0\0\0\0\0<x/>")), pngChunk("tEXt", latin1("prompt\0a fox")));
		assertThat(image(convert(png, ImageFormat.PNG, ImageFormat.JPEG, null)).getWidth()).isEqualTo(64);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void convertWhenJpegMakesPngAndAppliesQuality(boolean progressive) throws IOException {
		byte[] jpeg = jpeg(256, 256, progressive);
		BufferedImage png = image(convert(jpeg, ImageFormat.JPEG, ImageFormat.PNG, null));
		assertThat(near(png.getRGB(20, 20), image(jpeg).getRGB(20, 20))).isTrue();
		int good = convert(jpeg, ImageFormat.JPEG, ImageFormat.JPEG, 90).length;
		assertThat(convert(jpeg, ImageFormat.JPEG, ImageFormat.JPEG, 10).length).isLessThan(good);
		assertThat(convert(jpeg, ImageFormat.JPEG, ImageFormat.JPEG, null).length).isEqualTo(good);
	}

	@Test
	void convertWhenJpegIsGreyMakesPng() throws IOException {
		BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
		IntStream.range(0, 256).forEach((i) -> grey.getRaster().setSample(i / 16, i % 16, 0, 0x66));
		BufferedImage png = image(convert(encoded(grey, "jpeg"), ImageFormat.JPEG, ImageFormat.PNG, null));
		assertThat(png.getRaster().getSample(8, 8, 0)).isBetween(0x64, 0x68);
	}

	@Test
	void convertWhenThereIsAColourProfileConverts() throws IOException {
		byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
		byte[] lossless = sample("alpha-lossless");
		byte[] frame = Arrays.copyOfRange(lossless, indexOf(lossless, "VP8L") + 8, lossless.length);
		byte[] webp = webp(chunk("VP8X", canvas(0x30, 16, 16)), chunk("ICCP", profile), chunk("VP8L", frame),
				chunk("EXIF", new byte[30]));
		assertThat(near(image(convert(webp, ImageFormat.WEBP, ImageFormat.PNG, null)).getRGB(3, 3), RED)).isTrue();
		byte[] jpeg = profiled(jpeg(16, 16, false), concat(latin1("ICC_PROFILE\0\1\1"), profile));
		assertThat(image(convert(jpeg, ImageFormat.JPEG, ImageFormat.PNG, null)).getWidth()).isEqualTo(16);
		byte[] png = png(16, 16, 8, 2, 0, pngChunk("iCCP", concat(latin1("a\0\0"), deflated(profile))));
		assertThat(image(convert(png, ImageFormat.PNG, ImageFormat.JPEG, null)).getWidth()).isEqualTo(16);
	}

	@ParameterizedTest
	@ValueSource(ints = { BufferedImage.TYPE_BYTE_BINARY, BufferedImage.TYPE_4BYTE_ABGR })
	void convertWhenAsLargeAsAllowedConverts(int type) throws IOException {
		byte[] large = encoded(new BufferedImage(2048, 2048, type), "png");
		assertThat(image(convert(large, ImageFormat.PNG, ImageFormat.JPEG, null)).getWidth()).isEqualTo(2048);
	}

	@Test
	void convertWhenSourceIsMissingSaysSo() {
		Path missing = this.directory.resolve("missing");
		assertThatIOException().isThrownBy(() -> check(missing, ImageFormat.PNG));
	}

	@ParameterizedTest
	@CsvSource({ "PNG", "JPEG" })
	void convertWhenTargetFailsSaysSo(ImageFormat to) throws IOException {
		Path source = file(AkashGenSamples.paintingBytes("fox"));
		OutputStream target = new OutputStream() {
			@Override
			public void write(int value) throws IOException {
				throw new IOException("full");
			}
		};
		assertThatIOException().isThrownBy(() -> ImageConverter.convert(source, ImageFormat.WEBP, to, null, target));
	}

	private byte[] convert(byte[] source, ImageFormat from, ImageFormat to, Integer quality) throws IOException {
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		ImageConverter.convert(file(source), from, to, quality, target);
		return target.toByteArray();
	}

	private static void check(Path source, ImageFormat from) throws IOException {
		ImageConverter.convert(source, from, ImageFormat.PNG, null, OutputStream.nullOutputStream());
	}

	private Path file(byte[] bytes) throws IOException {
		return Files.write(this.directory.resolve("image"), bytes);
	}

	private static BufferedImage image(byte[] bytes) throws IOException {
		return ImageIO.read(new ByteArrayInputStream(bytes));
	}

	private static byte[] encoded(BufferedImage image, String format) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		assertThat(ImageIO.write(image, format, bytes)).isTrue();
		return bytes.toByteArray();
	}

	/** Made with {@code cwebp -exact}, without and with {@code -lossless}. */
	private static byte[] sample(String name) throws IOException {
		try (InputStream file = ImageConverterTests.class.getResourceAsStream(name + ".webp")) {
			return file.readAllBytes();
		}
	}

	/** Whether two colours differ no more than lossy formats make them. */
	private static boolean near(int argb, int other) {
		return Stream.of(0, 8, 16, 24).allMatch((bits) -> Math.abs((argb >> bits & 0xFF) - (other >> bits & 0xFF)) < 8);
	}

	private static Object[] webp(String name, String message, byte[]... chunks) {
		return new Object[] { name, ImageFormat.WEBP, webp(chunks), message };
	}

	private static Object[] png(String name, String message, byte[] file) {
		return new Object[] { name, ImageFormat.PNG, file, message };
	}

	private static Object[] jpeg(String name, String message, byte[] file) {
		return new Object[] { name, ImageFormat.JPEG, file, message };
	}

	private static byte[] webp(byte[]... chunks) {
		byte[] content = concat(chunks);
		return concat(ByteBuffer.allocate(12)
			.order(ByteOrder.LITTLE_ENDIAN)
			.put(latin1("RIFF"))
			.putInt(4 + content.length)
			.put(latin1("WEBP"))
			.array(), content);
	}

	private static byte[] chunk(String name, byte[] content) {
		return ByteBuffer.allocate(8 + content.length + content.length % 2)
			.order(ByteOrder.LITTLE_ENDIAN)
			.put(latin1(name))
			.putInt(content.length)
			.put(content)
			.array();
	}

	private static byte[] canvas(int flags, int width, int height) {
		return ByteBuffer.allocate(10)
			.order(ByteOrder.LITTLE_ENDIAN)
			.putInt(flags)
			.putShort((short) (width - 1))
			.put((byte) ((width - 1) >> 16))
			.putShort((short) (height - 1))
			.put((byte) ((height - 1) >> 16))
			.array();
	}

	private static byte[] lossy(int width, int height) {
		byte[] fox = AkashGenSamples.paintingBytes("fox");
		byte[] frame = Arrays.copyOfRange(fox, 20, fox.length);
		ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putShort(6, (short) width).putShort(8, (short) height);
		return frame;
	}

	private static byte[] png(int width, int height, int depth, int colourType, int interlace, byte[]... ancillary) {
		byte[] header = ByteBuffer.allocate(13)
			.putInt(width)
			.putInt(height)
			.put((byte) depth)
			.put((byte) colourType)
			.putShort((short) 0)
			.put((byte) interlace)
			.array();
		return concat(ByteBuffer.allocate(8).putLong(0x89504E470D0A1A0AL).array(), pngChunk("IHDR", header),
				concat(ancillary), (colourType == 3) ? pngChunk("PLTE", new byte[768]) : new byte[0],
				pngChunk("IDAT", zeros(1 << 16)), pngChunk("IEND", new byte[0]));
	}

	private static byte[] pngChunk(String name, byte[] content) {
		CRC32 checksum = new CRC32();
		checksum.update(latin1(name));
		checksum.update(content);
		return ByteBuffer.allocate(12 + content.length)
			.putInt(content.length)
			.put(latin1(name))
			.put(content)
			.putInt((int) checksum.getValue())
			.array();
	}

	private static byte[] pngOfClaimedLength() {
		return ByteBuffer.allocate(12).putInt(Integer.MAX_VALUE).put(latin1("zTXt")).putInt(0).array();
	}

	private static byte[] zeros(int length) {
		try (Deflater deflater = new Deflater()) {
			ByteArrayOutputStream compressed = new ByteArrayOutputStream();
			byte[] zeros = new byte[1 << 16];
			byte[] buffer = new byte[1 << 16];
			for (int left = length; left > 0; left -= zeros.length) {
				deflater.setInput(zeros, 0, Math.min(left, zeros.length));
				if (left <= zeros.length) {
					deflater.finish();
				}
				int count;
				while ((count = deflater.deflate(buffer)) > 0) {
					compressed.write(buffer, 0, count);
				}
			}
			return compressed.toByteArray();
		}
	}

	private static byte[] deflated(byte[] bytes) {
		try (Deflater deflater = new Deflater()) {
			deflater.setInput(bytes);
			deflater.finish();
			byte[] buffer = new byte[bytes.length + 100];
			return Arrays.copyOf(buffer, deflater.deflate(buffer));
		}
	}

	private static byte[] jpeg(int width, int height, boolean progressive) throws IOException {
		BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
		Graphics2D graphics = image.createGraphics();
		Random random = new Random(1);
		for (int i = 0; i < 100; i++) {
			graphics.setColor(new Color(random.nextInt(1 << 24)));
			graphics.fillOval(random.nextInt(width), random.nextInt(height), width / 3, height / 3);
		}
		graphics.dispose();
		ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		ImageWriteParam parameters = writer.getDefaultWriteParam();
		parameters.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
		try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
			writer.setOutput(output);
			writer.write(null, new IIOImage(image, null, null), parameters);
		}
		return bytes.toByteArray();
	}

	private static int frame(byte[] jpeg) {
		for (int i = 0; i < jpeg.length; i++) {
			if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] == (byte) 0xC0 || jpeg[i + 1] == (byte) 0xC2)) {
				return i;
			}
		}
		throw new IllegalArgumentException();
	}

	private static byte[] resized(byte[] jpeg, int width, int height) {
		ByteBuffer.wrap(jpeg).putShort(frame(jpeg) + 5, (short) height).putShort(frame(jpeg) + 7, (short) width);
		return jpeg;
	}

	private static byte[] ofTwelveBits(byte[] jpeg) {
		jpeg[frame(jpeg) + 4] = 12;
		return jpeg;
	}

	/** The last scan again and again. */
	private static byte[] scans(byte[] jpeg, int count) {
		int last = jpeg.length - 2;
		while (!(jpeg[last] == (byte) 0xFF && jpeg[last + 1] == (byte) 0xDA)) {
			last--;
		}
		byte[] scan = Arrays.copyOfRange(jpeg, last, jpeg.length - 2);
		byte[][] parts = new byte[count + 2][];
		Arrays.fill(parts, scan);
		parts[0] = Arrays.copyOf(jpeg, last);
		parts[count + 1] = new byte[] { (byte) 0xFF, (byte) 0xD9 };
		return concat(parts);
	}

	private static byte[] profiled(byte[] jpeg, int count) {
		byte[][] segments = new byte[count][];
		Arrays.fill(segments, concat(latin1("ICC_PROFILE\0\1\1"), new byte[65_000]));
		return profiled(jpeg, segments);
	}

	private static byte[] profiled(byte[] jpeg, byte[]... profiles) {
		byte[] segments = concat(Stream.of(profiles)
			.map((profile) -> concat(
					ByteBuffer.allocate(4).putShort((short) 0xFFE2).putShort((short) (profile.length + 2)).array(),
					profile))
			.toArray(byte[][]::new));
		return concat(Arrays.copyOf(jpeg, 2), segments, Arrays.copyOfRange(jpeg, 2, jpeg.length));
	}

	private static int indexOf(byte[] bytes, String latin1) {
		return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(latin1);
	}

	private static byte[] concat(byte[]... parts) {
		ByteBuffer all = ByteBuffer.allocate(Stream.of(parts).mapToInt((part) -> part.length).sum());
		Stream.of(parts).forEach(all::put);
		return all.array();
	}

	private static byte[] latin1(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	/** Writes lossless WebP images, bit by bit. */
	private static final class Vp8l {

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private int current;

		private int count;

		Vp8l(int width, int height) {
			write(0x2F, 8).write(width - 1, 14).write(height - 1, 14).write(0, 4);
		}

		Vp8l noTransforms() {
			return write(0, 1);
		}

		Vp8l noCache() {
			return write(0, 1);
		}

		Vp8l noGroups() {
			return write(0, 1);
		}

		/** The first block names the last group, all others the first. */
		Vp8l groups(int count, int blocks) {
			write(1, 1).write(0, 3).noCache();
			pairCode((count - 1) & 0xFF).pairCode((count - 1) >> 8).codes(3, 0);
			return write(0b11, 2).write(0, 2 * (blocks - 1));
		}

		Vp8l predictors(int count) {
			for (int i = 0; i < count; i++) {
				write(1, 1).write(0, 2).write(0, 3).noCache().codes(1);
			}
			return this;
		}

		Vp8l subtractGreens(int count) {
			for (int i = 0; i < count; i++) {
				write(1, 1).write(2, 2);
			}
			return this;
		}

		/** Groups of five codes for one symbol each, without data. */
		Vp8l codes(int groups) {
			return codes(5 * groups, 0);
		}

		private Vp8l codes(int count, int symbol) {
			for (int i = 0; i < count; i++) {
				write(1, 1).write(0, 1).write(0, 1).write(symbol, 1);
			}
			return this;
		}

		private Vp8l pairCode(int second) {
			return write(1, 1).write(1, 1).write(0, 1).write(0, 1).write(second, 8);
		}

		/** Lengths 1, 2, 3, … 15 and 15, as far as an alphabet of 256 goes. */
		Vp8l longCodes(int groups) {
			for (int i = 0; i < groups; i++) {
				for (int code = 0; code < 4; code++) {
					longCode();
				}
				codes(1, 0);
			}
			return this;
		}

		private Vp8l longCode() {
			// Code lengths 0 to 15 have codes of four bits each.
			write(0, 1).write(15, 4).write(0, 3).write(0, 3);
			write(4, 3).write(4, 3).write(4, 3).write(4, 3).write(4, 3).write(4, 3).write(0, 3);
			for (int i = 0; i < 10; i++) {
				write(4, 3);
			}
			write(1, 1).write(1, 3).write(14, 4);
			for (int length = 1; length <= 15; length++) {
				write(Integer.reverse(length) >>> 28, 4);
			}
			return write(Integer.reverse(15) >>> 28, 4);
		}

		/** A code whose lengths are all 0. */
		Vp8l emptyCode() {
			return write(0, 1).write(0, 4).write(0, 3).write(0, 3).write(1, 3).write(0, 3).write(0, 1);
		}

		private Vp8l write(int value, int bits) {
			for (int i = 0; i < bits; i++) {
				this.current |= ((i < 32) ? value >>> i & 1 : 0) << this.count++;
				if (this.count == 8) {
					this.bytes.write(this.current);
					this.current = 0;
					this.count = 0;
				}
			}
			return this;
		}

		byte[] bytes() {
			write(0, 64);
			return this.bytes.toByteArray();
		}

		/** Without the header, and with that of an alpha chunk. */
		byte[] alpha() {
			byte[] image = bytes();
			image[4] = 1;
			return Arrays.copyOfRange(image, 4, image.length);
		}

	}

}
