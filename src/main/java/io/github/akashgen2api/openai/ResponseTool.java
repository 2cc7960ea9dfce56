package io.github.akashgen2api.openai;

import java.math.BigDecimal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.images.RequestedFormat;
import org.jspecify.annotations.Nullable;

/**
 * A tool of a response. Only {@code image_generation} counts.
 *
 * @param outputFormat as for image generations
 * @param outputCompression as for image generations
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ResponseTool(@Nullable String type, @JsonProperty("output_format") @Nullable String outputFormat,
		@JsonProperty("output_compression") @Nullable BigDecimal outputCompression) {

	static final String IMAGE_GENERATION = "image_generation";

	/** Images in AkashGen's format. */
	static final ResponseTool ANY = new ResponseTool(IMAGE_GENERATION, null, null);

	boolean isImageGeneration() {
		return IMAGE_GENERATION.equals(this.type);
	}

	/**
	 * The same tool, which is valid.
	 * @param path of the tool in the request
	 * @throws InvalidRequestException if a field is wrong
	 */
	ResponseTool checked(String path) {
		try {
			RequestedFormat format = format();
			return (format != null) ? new ResponseTool(this.type, format.format().subtype(), this.outputCompression)
					: ANY;
		}
		catch (InvalidRequestException ex) {
			throw ex.at(path + ex.field());
		}
	}

	/** The format of the image; {@code null} for AkashGen's. */
	@Nullable RequestedFormat format() {
		return ImageGenerationRequest.format(this.outputFormat, this.outputCompression);
	}

}
