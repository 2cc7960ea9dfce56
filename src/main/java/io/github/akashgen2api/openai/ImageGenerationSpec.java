package io.github.akashgen2api.openai;

import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.images.RequestedFormat;
import io.github.akashgen2api.images.StoredImage;
import org.jspecify.annotations.Nullable;

/**
 * The images that a request asks for.
 *
 * @param count the number of images
 * @param isInline whether the answer contains the images, and not links to them. A stream
 * always does
 * @param isStreamed whether the answer is an event stream
 * @param format the format; {@code null} for AkashGen's
 */
record ImageGenerationSpec(int count, boolean isInline, boolean isStreamed, @Nullable RequestedFormat format) {

	ImageGenerationSpec {
		isInline |= isStreamed;
	}

	/**
	 * The format in which the client receives an image.
	 * @param stored the image in AkashGen's format
	 */
	ImageFormat formatOf(StoredImage stored) {
		return (this.format != null) ? this.format.of(stored.format()) : stored.format();
	}

}
