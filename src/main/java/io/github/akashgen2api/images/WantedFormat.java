package io.github.akashgen2api.images;

import java.util.Locale;

import io.github.akashgen2api.akash.PictureFormat;
import org.jspecify.annotations.Nullable;

/**
 * The format that somebody wants a picture in. Nothing is ever encoded to WebP: who wants
 * it gets what is none as PNG.
 *
 * @param format the format
 * @param quality of a JPEG, from 0 to 100, the best; {@code null}: whatever it has, or a
 * good one
 */
public record WantedFormat(PictureFormat format, @Nullable Integer quality) {

	/**
	 * Understand the name of a format, in any case.
	 * @return the format, or {@code null} where the name is blank
	 * @throws IllegalArgumentException if it is none
	 */
	public static @Nullable WantedFormat valueOf(String name) {
		if (name.isBlank()) {
			return null;
		}
		PictureFormat format = switch (name.strip().toLowerCase(Locale.ROOT)) {
			case "png" -> PictureFormat.PNG;
			case "jpeg", "jpg" -> PictureFormat.JPEG;
			case "webp" -> PictureFormat.WEBP;
			default -> throw new IllegalArgumentException("must be png, jpeg or webp");
		};
		return new WantedFormat(format, null);
	}

	/**
	 * The same, if it comes out as a JPEG in a quality of its own.
	 */
	public WantedFormat withQuality(@Nullable Integer quality) {
		return new WantedFormat(this.format, quality);
	}

	/**
	 * What a picture comes out as.
	 * @param made what it is
	 */
	public PictureFormat of(PictureFormat made) {
		return (this.format == PictureFormat.WEBP && made != PictureFormat.WEBP) ? PictureFormat.PNG : this.format;
	}

	boolean isMetBy(StoredImage image) {
		PictureFormat made = image.format();
		return of(made) == made && (made != PictureFormat.JPEG || this.quality == null);
	}

	/** What tells one conversion of an image from another. */
	String conversion(PictureFormat made) {
		PictureFormat format = of(made);
		return (format == PictureFormat.JPEG && this.quality != null) ? "q" + this.quality : format.subtype();
	}

}
