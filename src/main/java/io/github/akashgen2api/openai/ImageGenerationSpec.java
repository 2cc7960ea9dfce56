package io.github.akashgen2api.openai;

import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.images.RequestedFormat;
import io.github.akashgen2api.images.StoredImage;
import org.jspecify.annotations.Nullable;

/**
 * Pictures that somebody wants to have.
 *
 * @param count how many
 * @param isInline whether they are wanted in the answer itself, and not as links
 * @param format what they shall be; {@code null}: what AkashGen makes
 */
record ImageGenerationSpec(int count, boolean isInline, @Nullable RequestedFormat format) {

	/**
	 * What a picture will be for whoever ordered it.
	 * @param made as AkashGen made it
	 */
	ImageFormat formatOf(StoredImage made) {
		return (this.format != null) ? this.format.of(made.format()) : made.format();
	}

}
