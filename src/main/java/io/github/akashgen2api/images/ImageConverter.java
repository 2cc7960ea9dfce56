package io.github.akashgen2api.images;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.github.akashgen2api.akash.ImageFormat;
import org.jspecify.annotations.Nullable;

/**
 * Converts images to PNG and JPEG. What decoding takes is known from the file's headers
 * and bounded before a decoder sees the file: see {@link DecoderMemory}. A conversion
 * keeps a processor busy for a second or more; {@link ConversionQueue} bounds how many
 * run at once.
 */
final class ImageConverter {

	/** Of a JPEG, out of 100. */
	private static final int DEFAULT_QUALITY = 90;

	/** The largest images take seconds on a busy machine. */
	private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

	private ImageConverter() {
	}

	/**
	 * Convert an image.
	 * @param source the file, which does not change meanwhile
	 * @param from the format of the file
	 * @param to {@code PNG} or {@code JPEG}; transparent images become JPEG on white
	 * @param quality of a JPEG, from 0 to 100, the best; {@code null}: 90
	 * @param target written to as the encoder goes on, and not closed. A slow one holds
	 * up other conversions
	 * @throws UnconvertibleImageException if the file is broken, or would take too much
	 * memory or time; nothing was written then
	 * @throws IOException if the source cannot be opened, or the target not written to
	 */
	static void convert(Path source, ImageFormat from, ImageFormat to, @Nullable Integer quality, OutputStream target)
			throws IOException {
		BufferedImage image = decode(source, from);
		switch (to) {
			case PNG -> encode(image, to, null, target);
			case JPEG -> encode(opaque(image), to, (quality != null) ? quality : DEFAULT_QUALITY, target);
			case WEBP -> throw new IllegalArgumentException("WebP cannot be written");
		}
	}

	/**
	 * Find out whether an image can be converted.
	 * @param source the file, which does not change meanwhile
	 * @param from the format of the file
	 * @throws UnconvertibleImageException if the file is broken, or would take too much
	 * memory or time
	 * @throws IOException if the source cannot be opened
	 */
	static void check(Path source, ImageFormat from) throws IOException {
		decode(source, from);
	}

	private static BufferedImage decode(Path source, ImageFormat format) throws IOException {
		try (FileImageInput input = new FileImageInput(source, TIME_LIMIT)) {
			return decode(input, format);
		}
	}

	private static BufferedImage decode(FileImageInput input, ImageFormat format) {
		ImageReader reader = reader(format);
		try {
			checkHeader(input, format);
			input.seek(0);
			reader.setInput(input, true, true);
			return reader.read(0);
		}
		catch (UnconvertibleImageException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			// Decoders meet broken files with exceptions of any kind.
			throw new UnconvertibleImageException("the " + format + " file is broken", ex);
		}
		finally {
			reader.dispose();
		}
	}

	private static void checkHeader(FileImageInput input, ImageFormat format) throws IOException {
		DecoderMemory memory = new DecoderMemory();
		switch (format) {
			case WEBP -> WebpHeader.check(input, memory);
			case PNG -> PngHeader.check(input, memory);
			case JPEG -> JpegHeader.check(input, memory);
		}
	}

	/** Without the registry for WebP: its plugins depend on the first caller's thread. */
	private static ImageReader reader(ImageFormat format) {
		return switch (format) {
			case WEBP -> new WebPImageReaderSpi().createReaderInstance(null);
			case PNG, JPEG -> ImageIO.getImageReadersByMIMEType(format.mediaType()).next();
		};
	}

	private static void encode(BufferedImage image, ImageFormat format, @Nullable Integer quality, OutputStream target)
			throws IOException {
		ImageWriter writer = ImageIO.getImageWritersByMIMEType(format.mediaType()).next();
		try (ImageOutputStream output = (format == ImageFormat.JPEG) ? new StraightOutput(target)
				: new MemoryCacheImageOutputStream(target)) {
			ImageWriteParam parameters = writer.getDefaultWriteParam();
			if (quality != null) {
				parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
				parameters.setCompressionQuality(quality / 100f);
			}
			writer.setOutput(output);
			writer.write(null, new IIOImage(image, null, null), parameters);
		}
		finally {
			writer.dispose();
		}
	}

	/**
	 * The image as the JPEG encoder takes it: grey or of three colours, on white where it
	 * is transparent. The one given may change.
	 */
	private static BufferedImage opaque(BufferedImage image) {
		return switch (image.getType()) {
			case BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_GRAY -> image;
			case BufferedImage.TYPE_4BYTE_ABGR -> onWhite(image, withoutAlpha(image));
			default ->
				onWhite(image, new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR));
		};
	}

	/** The same pixels in the same memory. */
	private static BufferedImage withoutAlpha(BufferedImage image) {
		WritableRaster colours = image.getRaster()
			.createWritableChild(0, 0, image.getWidth(), image.getHeight(), 0, 0, new int[] { 0, 1, 2 });
		ColorModel model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false,
				ColorModel.OPAQUE, DataBuffer.TYPE_BYTE);
		return new BufferedImage(model, colours, false, null);
	}

	private static BufferedImage onWhite(BufferedImage image, BufferedImage opaque) {
		int width = image.getWidth();
		byte[] row = new byte[3 * width];
		for (int y = 0; y < image.getHeight(); y++) {
			int[] argb = argb(image, y);
			for (int x = 0; x < width; x++) {
				int alpha = argb[x] >>> 24;
				for (int band = 0; band < 3; band++) {
					int value = (argb[x] >> (16 - 8 * band)) & 0xFF;
					row[3 * x + band] = (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
				}
			}
			opaque.getRaster().setDataElements(0, y, width, 1, row);
		}
		return opaque;
	}

	/** Grey is taken as it is: Java itself takes it for linear, and makes it lighter. */
	private static int[] argb(BufferedImage image, int y) {
		int width = image.getWidth();
		if (image.getColorModel() instanceof IndexColorModel || image.getType() == BufferedImage.TYPE_4BYTE_ABGR) {
			return image.getRGB(0, y, width, 1, null, 0, width);
		}
		Raster raster = image.getRaster();
		int bands = raster.getNumBands();
		int excessBits = raster.getSampleModel().getSampleSize(0) - 8;
		int[] samples = raster.getPixels(0, y, width, 1, (int[]) null);
		int[] argb = new int[width];
		for (int x = 0; x < width; x++) {
			int pixel = bands * x;
			int red = samples[pixel] >> excessBits;
			int green = (bands > 2) ? samples[pixel + 1] >> excessBits : red;
			int blue = (bands > 2) ? samples[pixel + 2] >> excessBits : red;
			boolean hasAlpha = bands == 2 || bands == 4;
			int alpha = hasAlpha ? samples[pixel + bands - 1] >> excessBits : 0xFF;
			argb[x] = alpha << 24 | red << 16 | green << 8 | blue;
		}
		return argb;
	}

	/** The encoder for JPEG never goes back, so that nothing has to be kept for it. */
	private static final class StraightOutput extends MemoryCacheImageOutputStream {

		StraightOutput(OutputStream target) {
			super(target);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			super.write(bytes, offset, length);
			flushBefore(getStreamPosition());
		}

	}

}
