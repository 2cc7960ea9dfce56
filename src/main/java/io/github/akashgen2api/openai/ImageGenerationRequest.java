package io.github.akashgen2api.openai;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.images.RequestedFormat;
import io.github.akashgen2api.web.body.KnownFields;
import io.github.akashgen2api.web.body.TruncatingJsonStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The body of {@code POST /v1/images/generations}. All other fields (size, style,
 * quality) are ignored.
 *
 * @param n the number of images; {@code null} for 1
 * @param model any name; {@code null} if the client sends none
 * @param responseFormat {@code url} or {@code b64_json}; {@code null} for the default of
 * OpenAI's model with the same name
 * @param outputFormat {@code png}, {@code jpeg} or {@code webp}; {@code null} or empty
 * for AkashGen's format
 * @param outputCompression the quality of a JPEG in base64, from 0 to 100 (best);
 * {@code null} for the default quality
 * @param stream whether to answer with an event stream, which contains the images
 * @param partialImages accepted from 0 to 3, but none are sent
 */
@KnownFields({ "prompt", "n", "model", "response_format", "output_format", "output_compression", "stream",
		"partial_images" })
record ImageGenerationRequest(@Nullable Prompt prompt, @Nullable BigDecimal n, @Nullable String model,
		@JsonProperty("response_format") @Nullable String responseFormat,
		@JsonProperty("output_format") @Nullable String outputFormat,
		@JsonProperty("output_compression") @Nullable BigDecimal outputCompression, @Nullable Boolean stream,
		@JsonProperty("partial_images") @Nullable BigDecimal partialImages) {

	private static final int MAX_IMAGES = 10;

	private static final int MAX_PARTIAL_IMAGES = 3;

	/** Maximum length of the model's name, of which only the start matters. */
	private static final int MAX_MODEL = 1000;

	ImageGenerationRequest {
		model = shortened(model);
	}

	/** The request is held until the images are finished. */
	static @Nullable String shortened(@Nullable String model) {
		return (model != null && model.length() > MAX_MODEL) ? model.substring(0, MAX_MODEL) : model;
	}

	/**
	 * Validate the request.
	 * @throws InvalidRequestException if a field is wrong
	 */
	ImageGenerationSpec toSpec() {
		checkPrompt();
		if (this.partialImages != null) {
			var _ = wholeNumber("partial_images", this.partialImages, 0, MAX_PARTIAL_IMAGES);
		}
		boolean isInline = isInline();
		return new ImageGenerationSpec((this.n != null) ? wholeNumber("n", this.n, 1, MAX_IMAGES) : 1, !isInline,
				isInline, Boolean.TRUE.equals(this.stream), format(this.outputFormat, this.outputCompression));
	}

	private void checkPrompt() {
		if (this.prompt == null || this.prompt.text().isBlank()) {
			throw new InvalidRequestException("prompt", "is missing or has no text; it must describe the image");
		}
		if (this.prompt.text().length() > TruncatingJsonStream.MAX_TEXT) {
			throw new InvalidRequestException("prompt", TruncatingJsonStream.TOO_LONG);
		}
	}

	List<Message> conversation() {
		String text = (this.prompt != null) ? this.prompt.text().strip() : "";
		return List.of(new Message(Message.Role.USER, text));
	}

	/**
	 * Release the memory of the prompt. It may be long, and the request is held until the
	 * images are finished.
	 */
	void discardPrompt() {
		if (this.prompt != null) {
			this.prompt.clear();
		}
	}

	private boolean isInline() {
		return switch (lowerCase(this.responseFormat)) {
			case "" ->
				this.model != null && (this.model.startsWith("gpt-image") || this.model.startsWith("chatgpt-image"));
			case "url" -> false;
			case "b64_json" -> true;
			default -> throw new InvalidRequestException("response_format", "must be url or b64_json");
		};
	}

	/**
	 * The format of an image.
	 * @return {@code null} for AkashGen's
	 * @throws InvalidRequestException if a field is wrong
	 */
	static @Nullable RequestedFormat format(@Nullable String outputFormat, @Nullable BigDecimal outputCompression) {
		Integer quality = (outputCompression != null) ? wholeNumber("output_compression", outputCompression, 0, 100)
				: null;
		try {
			RequestedFormat format = RequestedFormat.valueOf(lowerCase(outputFormat));
			return (format != null) ? format.withQuality(quality) : null;
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRequestException("output_format", String.valueOf(ex.getMessage()));
		}
	}

	private static String lowerCase(@Nullable String text) {
		return (text != null) ? text.strip().toLowerCase(Locale.ROOT) : "";
	}

	private static int wholeNumber(String field, BigDecimal number, int min, int max) {
		boolean isWithin = number.compareTo(BigDecimal.valueOf(min)) >= 0
				&& number.compareTo(BigDecimal.valueOf(max)) <= 0;
		if (!isWithin || number.stripTrailingZeros().scale() > 0) {
			throw new InvalidRequestException(field, "must be a whole number from " + min + " to " + max);
		}
		return number.intValue();
	}

	/**
	 * A prompt that can be cleared.
	 */
	@JsonDeserialize(using = Prompt.Deserializer.class)
	static final class Prompt {

		private volatile String text;

		Prompt(String text) {
			this.text = text;
		}

		String text() {
			return this.text;
		}

		void clear() {
			this.text = "";
		}

		static final class Deserializer extends ValueDeserializer<Prompt> {

			@Override
			public Prompt deserialize(JsonParser parser, DeserializationContext context) {
				if (parser.currentToken() != JsonToken.VALUE_STRING) {
					return context.reportInputMismatch(Prompt.class, "must be a string");
				}
				return new Prompt(parser.getString());
			}

		}

	}

}
