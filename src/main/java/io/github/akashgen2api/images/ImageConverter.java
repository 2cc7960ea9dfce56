package io.github.akashgen2api.images;

import java.awt.image.BufferedImage;
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
 * Converts images to PNG and JPEG. The memory for decoding is known from the file's
 * headers, and bounded before a decoder reads the file: see {@link DecoderMemory}. A
 * conversion takes a second of processor time or more; {@link ConversionQueue} bounds how
 * many run at once.
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
	 * @param quality of a JPEG, from 0 to 100, which is best; {@code null}: 90
	 * @param target written to while encoding, and not closed. A slow target delays other
	 * conversions
	 * @throws UnconvertibleImageException if the file is broken, or would take too much
	 * memory or time; nothing was written
	 * @throws IOException if the source cannot be opened, or the target not be written to
	 */
	static void convert(Path source, ImageFormat from, ImageFormat to, @Nullable Integer quality, OutputStream target)
			throws IOException {
		BufferedImage image = decode(source, from);
		switch (to) {
			case PNG -> encode(image, to, null, target);
			case JPEG -> encode(OpaqueImage.of(image), to, (quality != null) ? quality : DEFAULT_QUALITY, target);
			case WEBP -> throw new IllegalArgumentException("WebP cannot be written");
		}
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

	/**
	 * Width and height of an image in pixels, as {@code 1024x1024}.
	 * @throws IOException if the file is broken
	 */
	static String size(Path source, ImageFormat format) throws IOException {
		try (FileImageInput input = new FileImageInput(source, TIME_LIMIT)) {
			return checkHeader(input, format).size();
		}
	}

	private static ImageHeader checkHeader(FileImageInput input, ImageFormat format) throws IOException {
		DecoderMemory memory = new DecoderMemory();
		ImageHeader header = switch (format) {
			case WEBP -> new WebpHeader(input, memory);
			case PNG -> new PngHeader(input, memory);
			case JPEG -> new JpegHeader(input, memory);
		};
		header.check();
		return header;
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

	/** The JPEG encoder never seeks back, so what it has written need not be buffered. */
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
