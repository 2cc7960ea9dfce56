package io.github.akashgen2api.images;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.github.akashgen2api.akash.Picture;
import io.github.akashgen2api.akash.PictureFormat;

/**
 * The pixels of a picture. All work is done in memory, as there may be no disk to write
 * to.
 */
final class Bitmap {

	/** Four times what AkashGen paints. More could be more than there is memory for. */
	static final int MAX_PIXELS = 2048 * 2048;

	private final BufferedImage image;

	private Bitmap(BufferedImage image) {
		this.image = image;
	}

	/**
	 * Decode a picture.
	 * @throws IIOException if that cannot be done, saying what is the matter with it
	 */
	static Bitmap of(Picture picture) throws IIOException {
		ImageReader reader = reader(picture.format());
		try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(picture.bytes()))) {
			reader.setInput(input, true, true);
			if (isWithinBounds(picture, reader)) {
				return new Bitmap(reader.read(0));
			}
		}
		catch (IOException | RuntimeException ex) {
			// The decoders meet broken files with exceptions of any kind.
			throw new IIOException("the " + picture.format() + " file is broken", ex);
		}
		finally {
			reader.dispose();
		}
		throw new IIOException("it is too large, or animated");
	}

	/** The registry's own plugins depend on the thread that happens to ask first. */
	private static ImageReader reader(PictureFormat format) {
		return switch (format) {
			case WEBP -> new WebPImageReaderSpi().createReaderInstance(null);
			case PNG, JPEG -> ImageIO.getImageReadersByMIMEType(format.mediaType()).next();
		};
	}

	private static boolean isWithinBounds(Picture picture, ImageReader reader) throws IOException {
		if (picture.format() == PictureFormat.WEBP) {
			WebpFrames frames = new WebpFrames(picture.bytes());
			if (frames.areMany() || frames.largestLossy() > MAX_PIXELS) {
				return false;
			}
		}
		return (long) reader.getWidth(0) * reader.getHeight(0) <= MAX_PIXELS;
	}

	Picture toPng() {
		boolean alpha = this.image.getColorModel().hasAlpha();
		ImageWriter writer = writer(PictureFormat.PNG);
		return encode(plain(alpha ? BufferedImage.TYPE_4BYTE_ABGR : BufferedImage.TYPE_3BYTE_BGR), writer,
				writer.getDefaultWriteParam());
	}

	/**
	 * Encode as JPEG, on white where the picture is transparent.
	 * @param quality from 0 to 100, the best
	 */
	Picture toJpeg(int quality) {
		ImageWriter writer = writer(PictureFormat.JPEG);
		ImageWriteParam parameters = writer.getDefaultWriteParam();
		parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
		parameters.setCompressionQuality(quality / 100f);
		return encode(plain(BufferedImage.TYPE_3BYTE_BGR), writer, parameters);
	}

	private static ImageWriter writer(PictureFormat format) {
		return ImageIO.getImageWritersByMIMEType(format.mediaType()).next();
	}

	/** Without palettes, colour profiles and the like, which not every encoder knows. */
	private BufferedImage plain(int type) {
		if (this.image.getType() == type) {
			return this.image;
		}
		BufferedImage plain = new BufferedImage(this.image.getWidth(), this.image.getHeight(), type);
		Graphics2D graphics = plain.createGraphics();
		graphics.drawImage(this.image, 0, 0, plain.getColorModel().hasAlpha() ? null : Color.WHITE, null);
		graphics.dispose();
		return plain;
	}

	private static Picture encode(BufferedImage image, ImageWriter writer, ImageWriteParam parameters) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
			writer.setOutput(output);
			writer.write(null, new IIOImage(image, null, null), parameters);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Memory can always be written to", ex);
		}
		finally {
			writer.dispose();
		}
		return Picture.of(bytes.toByteArray());
	}

}
