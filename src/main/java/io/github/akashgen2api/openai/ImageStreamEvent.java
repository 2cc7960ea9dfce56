package io.github.akashgen2api.openai;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.images.StoredImage;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * OpenAI's event for one finished image of a stream.
 *
 * @param type {@code image_generation.completed} or {@code image_edit.completed}
 * @param createdAt when the event was written, in seconds since 1970
 * @param size in pixels, as {@code 1024x1024}; {@code auto} if it is not known
 * @param quality always {@code auto}
 * @param background always {@code auto}
 * @param outputFormat {@code png}, {@code jpeg} or {@code webp}
 */
record ImageStreamEvent(String type,
		@JsonProperty("b64_json") @JsonSerialize(using = Base64Serializer.class) StoredImage content,
		@JsonProperty("created_at") long createdAt, String size, String quality, String background,
		@JsonProperty("output_format") String outputFormat, ImageUsage usage) {

	static ImageStreamEvent of(String type, StoredImage image, String size, Instant created) {
		return new ImageStreamEvent(type, image, created.getEpochSecond(), size, "auto", "auto",
				image.format().subtype(), ImageUsage.ZERO);
	}

	/**
	 * OpenAI's usage object of images. Clients do not pay for tokens, but SDKs require
	 * the fields.
	 */
	record ImageUsage(@JsonProperty("total_tokens") int totalTokens, @JsonProperty("input_tokens") int inputTokens,
			@JsonProperty("output_tokens") int outputTokens,
			@JsonProperty("input_tokens_details") Details inputTokensDetails) {

		static final ImageUsage ZERO = new ImageUsage(0, 0, 0, new Details(0, 0));

	}

	/**
	 * OpenAI's object for the kinds of tokens.
	 */
	record Details(@JsonProperty("text_tokens") int textTokens, @JsonProperty("image_tokens") int imageTokens) {
	}

}
