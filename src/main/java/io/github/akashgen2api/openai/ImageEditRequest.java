package io.github.akashgen2api.openai;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.web.body.KnownFields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The body of {@code POST /v1/images/edits}: a form, or JSON. The other fields are those
 * of {@link ImageGenerationRequest}.
 *
 * @param image the images, a file or several in a form; {@code null} if there are none
 * @param images the same in OpenAI's JSON
 */
@KnownFields(value = { "image", "images", "prompt", "n", "model", "response_format", "output_format",
		"output_compression", "stream", "partial_images" }, nested = { "image_url", "url" }, images = "image")
record ImageEditRequest(@JsonDeserialize(using = SentImage.ListDeserializer.class) @Nullable List<SentImage> image,
		@JsonDeserialize(using = SentImage.ListDeserializer.class) @Nullable List<SentImage> images,
		ImageGenerationRequest.@Nullable Prompt prompt, @Nullable BigDecimal n, @Nullable String model,
		@JsonProperty("response_format") @Nullable String responseFormat,
		@JsonProperty("output_format") @Nullable String outputFormat,
		@JsonProperty("output_compression") @Nullable BigDecimal outputCompression, @Nullable Boolean stream,
		@JsonProperty("partial_images") @Nullable BigDecimal partialImages) {

	ImageEditRequest {
		model = ImageGenerationRequest.shortened(model);
	}

	/** The images that may be ours, in the order of the request. */
	List<SentImage> sentImages() {
		return Stream.of(this.image, this.images).filter(Objects::nonNull).flatMap(List::stream).toList();
	}

	/**
	 * Validate the request. Where it does not say whether it wants links or images, it
	 * gets both: the AI SDK needs the images, and does not say so.
	 * @throws InvalidRequestException if a field is wrong
	 */
	ImageGenerationSpec toSpec() {
		ImageGenerationSpec spec = generation().toSpec();
		return (this.responseFormat == null || this.responseFormat.isBlank()) ? spec.withContent() : spec;
	}

	/** The request without its images. */
	ImageGenerationRequest generation() {
		return new ImageGenerationRequest(this.prompt, this.n, this.model, this.responseFormat, this.outputFormat,
				this.outputCompression, this.stream, this.partialImages);
	}

}
