package io.github.akashgen2api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An image as a part of a message.
 *
 * @param type always {@code image_url}
 */
record ImagePart(String type, @JsonProperty("image_url") Link imageUrl) {

	static ImagePart of(String url) {
		return new ImagePart("image_url", new Link(url));
	}

	/**
	 * Where the image is.
	 */
	record Link(String url) {
	}

}
