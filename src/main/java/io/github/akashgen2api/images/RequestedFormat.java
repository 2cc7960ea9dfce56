package io.github.akashgen2api.images;

import java.util.Locale;

import io.github.akashgen2api.akash.ImageFormat;
import org.jspecify.annotations.Nullable;

/**
 * The format that a client requests. Nothing is encoded to WebP: with {@code webp},
 * images that are not WebP are returned as PNG.
 *
 * @param format the format
 * @param quality of a JPEG, from 0 to 100, which is best; {@code null}: that of the
 * image, or a good one if it is converted
 */
public record RequestedFormat(ImageFormat format, @Nullable Integer quality) {

	/**
	 * Read the name of a format, in upper or lower case.
	 * @return the format; {@code null} if the name is blank
	 * @throws IllegalArgumentException if the name is not that of a format
	 */
	public static @Nullable RequestedFormat valueOf(String name) {
		if (name.isBlank()) {
			return null;
		}
		ImageFormat format = switch (name.strip().toLowerCase(Locale.ROOT)) {
			case "png" -> ImageFormat.PNG;
			case "jpeg", "jpg" -> ImageFormat.JPEG;
			case "webp" -> ImageFormat.WEBP;
			default -> throw new IllegalArgumentException("must be png, jpeg or webp");
		};
		return new RequestedFormat(format, null);
	}

	/**
	 * The same format with a quality, which counts for a JPEG.
	 */
	public RequestedFormat withQuality(@Nullable Integer quality) {
		return new RequestedFormat(this.format, quality);
	}

	/**
	 * The format in which an image is returned.
	 * @param made the format that AkashGen made
	 */
	public ImageFormat of(ImageFormat made) {
		return (this.format == ImageFormat.WEBP && made != ImageFormat.WEBP) ? ImageFormat.PNG : this.format;
	}

	boolean isMetBy(StoredImage image) {
		ImageFormat made = image.format();
		return of(made) == made && (made != ImageFormat.JPEG || this.quality == null);
	}

	/** The name of the conversion in the store. */
	String conversion(ImageFormat made) {
		ImageFormat format = of(made);
		return (format == ImageFormat.JPEG && this.quality != null) ? "q" + this.quality : format.subtype();
	}

}
