package io.github.akashgen2api.openai;

import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.images.RequestedFormat;
import io.github.akashgen2api.images.StoredImage;
import org.jspecify.annotations.Nullable;

/**
 * The images that a request asks for.
 *
 * @param count the number of images
 * @param isLinked whether the answer contains links to the images
 * @param isInline whether the answer contains the images themselves. A stream always does
 * @param isStreamed whether the answer is an event stream
 * @param format the format; {@code null} for AkashGen's
 */
record ImageGenerationSpec(int count, boolean isLinked, boolean isInline, boolean isStreamed,
		@Nullable RequestedFormat format) {

	ImageGenerationSpec {
		isInline |= isStreamed;
	}

	/**
	 * The same, with the images themselves too.
	 */
	ImageGenerationSpec withContent() {
		return new ImageGenerationSpec(this.count, this.isLinked, true, this.isStreamed, this.format);
	}

	/**
	 * The format in which the client receives an image.
	 * @param stored the image in AkashGen's format
	 */
	ImageFormat formatOf(StoredImage stored) {
		return (this.format != null) ? this.format.of(stored.format()) : stored.format();
	}

}
