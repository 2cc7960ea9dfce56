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
 * The body of {@code POST /v1/images/generations}, as far as it is heeded; whatever else
 * a client sends (sizes, styles, qualities) is ignored.
 *
 * @param prompt what to paint
 * @param n how many pictures; {@code null}: 1
 * @param model any; {@code null}: none in particular
 * @param responseFormat {@code url} or {@code b64_json}; {@code null}: as OpenAI's model
 * of that name would answer
 * @param outputFormat {@code png}, {@code jpeg} or {@code webp}; {@code null} or empty:
 * what AkashGen makes
 * @param outputCompression the quality of a JPEG that is sent in the answer, from 0 to
 * 100, the best; {@code null}: a good one
 * @param stream whether to answer with a stream, which this service does not
 */
@KnownFields({ "prompt", "n", "model", "response_format", "output_format", "output_compression", "stream" })
record ImageGenerationRequest(@Nullable Prompt prompt, @Nullable BigDecimal n, @Nullable String model,
		@JsonProperty("response_format") @Nullable String responseFormat,
		@JsonProperty("output_format") @Nullable String outputFormat,
		@JsonProperty("output_compression") @Nullable BigDecimal outputCompression, @Nullable Boolean stream) {

	private static final int MAX_PICTURES = 10;

	/** Of the model's name, of which the beginning matters. */
	private static final int MAX_MODEL = 1000;

	ImageGenerationRequest {
		model = (model != null && model.length() > MAX_MODEL) ? model.substring(0, MAX_MODEL) : model;
	}

	/**
	 * What is asked for.
	 * @throws InvalidRequestException if it makes no sense
	 */
	ImageGenerationSpec order() {
		checkPrompt();
		if (this.stream != null && this.stream) {
			throw new InvalidRequestException("stream", "must not be true: pictures are not streamed");
		}
		return new ImageGenerationSpec((this.n != null) ? wholeNumber("n", this.n, 1, MAX_PICTURES) : 1, isInline(),
				format());
	}

	private void checkPrompt() {
		if (this.prompt == null || this.prompt.text().isBlank()) {
			throw new InvalidRequestException("prompt", "is missing, or holds no text to paint");
		}
		if (this.prompt.text().length() > TruncatingJsonStream.MAX_TEXT) {
			throw new InvalidRequestException("prompt", TruncatingJsonStream.TOO_LONG);
		}
	}

	/**
	 * What the images shall show.
	 */
	List<Message> conversation() {
		String text = (this.prompt != null) ? this.prompt.text().strip() : "";
		return List.of(new Message(Message.Role.USER, text));
	}

	/**
	 * It may be long, and this object is held for as long as the images are waited for.
	 */
	void forgetPrompt() {
		if (this.prompt != null) {
			this.prompt.forget();
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

	private @Nullable RequestedFormat format() {
		Integer quality = (this.outputCompression != null)
				? wholeNumber("output_compression", this.outputCompression, 0, 100) : null;
		try {
			RequestedFormat format = RequestedFormat.valueOf(lowerCase(this.outputFormat));
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
	 * A prompt, until it is forgotten.
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

		void forget() {
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
