package io.github.akashgen2api.images;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * An image as the JPEG encoder accepts it: grey or of three colours, and on white if it
 * was transparent. The original image may change.
 */
final class OpaqueImage {

	private OpaqueImage() {
	}

	static BufferedImage of(BufferedImage image) {
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

	/** Not by {@code getRGB} for grey, which takes it for linear and makes it lighter. */
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

}
