package io.github.akashgen2api.openai;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads a name: a string, or an object that has it as its {@code id} or {@code type}.
 */
class NameDeserializer extends ValueDeserializer<String> {

	@Override
	public @Nullable String deserialize(JsonParser parser, DeserializationContext context) {
		if (parser.currentToken() == JsonToken.VALUE_STRING) {
			return parser.getString();
		}
		if (parser.currentToken() != JsonToken.START_OBJECT) {
			return context.reportInputMismatch(String.class, "must be a string or an object");
		}
		@Nullable String name = null;
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			boolean isName = parser.currentName().equals("id") || parser.currentName().equals("type");
			if (parser.nextToken() == JsonToken.VALUE_STRING && isName) {
				name = parser.getString();
			}
			else {
				parser.skipChildren();
			}
		}
		return name;
	}

}
