package io.github.akashgen2api.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.akashgen2api.web.body.TruncatingJsonStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads the text of a message: a string, or an array of parts, whose texts are joined by
 * newlines. Other parts (images in base64) are skipped, and so is text beyond
 * {@link TruncatingJsonStream#MAX_TEXT}.
 */
class ContentDeserializer extends ValueDeserializer<String> {

	/** As in chat completions, and in the input of responses. */
	private static final Set<String> TEXTS = Set.of("text", "input_text", "output_text");

	@Override
	public @Nullable String deserialize(JsonParser parser, DeserializationContext context) {
		if (parser.currentToken() == JsonToken.VALUE_STRING) {
			return parser.getString();
		}
		if (parser.currentToken() != JsonToken.START_ARRAY) {
			return context.reportInputMismatch(String.class, "must be a string or an array of parts");
		}
		List<String> texts = new ArrayList<>();
		int length = 0;
		while (parser.nextToken() != JsonToken.END_ARRAY) {
			@Nullable String text = part(parser, context);
			if (text != null && length <= TruncatingJsonStream.MAX_TEXT) {
				texts.add(text);
				length += text.length();
			}
		}
		return String.join("\n", texts);
	}

	private static @Nullable String part(JsonParser parser, DeserializationContext context) {
		if (parser.currentToken() == JsonToken.VALUE_STRING) {
			return parser.getString();
		}
		if (parser.currentToken() != JsonToken.START_OBJECT) {
			return context.reportInputMismatch(String.class, "must contain parts that are objects");
		}
		@Nullable String type = null;
		@Nullable String text = null;
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = parser.currentName();
			JsonToken value = parser.nextToken();
			if (name.equals("type") && value == JsonToken.VALUE_STRING) {
				type = parser.getString();
			}
			else if (name.equals("text") && value == JsonToken.VALUE_STRING) {
				text = parser.getString();
			}
			else {
				parser.skipChildren();
			}
		}
		boolean isText = type == null || TEXTS.contains(type);
		if (isText && text == null) {
			return context.reportInputMismatch(String.class, "must contain text parts whose text is a string");
		}
		return isText ? text : null;
	}

}
