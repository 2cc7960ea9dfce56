package io.github.akashgen2api.openai;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.images.StoredImage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * The answer to {@code POST /v1/images/generations}.
 *
 * @param created the time of the answer, in seconds since 1970
 * @param outputFormat the format of all images; {@code null} if their formats differ
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ImageGenerationResponse(long created, List<Image> data,
		@JsonProperty("output_format") @Nullable String outputFormat) {

	static ImageGenerationResponse of(Instant created, List<Image> images) {
		List<String> formats = images.stream().map((image) -> image.format().subtype()).distinct().toList();
		return new ImageGenerationResponse(created.getEpochSecond(), images,
				(formats.size() == 1) ? formats.getFirst() : null);
	}

	/**
	 * One image: its URL, or its bytes in base64, or both.
	 *
	 * @param url {@code null} if the answer contains the image
	 * @param content {@code null} if the answer contains a link
	 * @param revisedPrompt AkashGen's prompt; {@code null} if AkashGen sent none
	 * @param format the format of the image
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Image(@Nullable String url,
			@JsonProperty("b64_json") @JsonSerialize(using = Base64Serializer.class) @Nullable StoredImage content,
			@JsonProperty("revised_prompt") @Nullable String revisedPrompt, @JsonIgnore ImageFormat format) {

		static @Nullable String revisedPrompt(Job job) {
			return job.prompt().isEmpty() ? null : job.prompt();
		}

	}

}
