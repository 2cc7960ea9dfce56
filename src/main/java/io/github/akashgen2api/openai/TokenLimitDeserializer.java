package io.github.akashgen2api.openai;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads the maximum number of tokens of an answer. This service does not count tokens, so
 * it reads an invalid value as a large number.
 */
class TokenLimitDeserializer extends ValueDeserializer<Integer> {

	private static final int MAX_LENGTH = 9;

	@Override
	public Integer deserialize(JsonParser parser, DeserializationContext context) {
		if (!parser.currentToken().isScalarValue()) {
			parser.skipChildren();
			return Integer.MAX_VALUE;
		}
		String text = parser.getString().strip().replaceFirst("\\.0+$", "");
		boolean isNumber = text.length() <= MAX_LENGTH && text.matches("[0-9]+");
		return isNumber ? Integer.valueOf(text) : Integer.valueOf(Integer.MAX_VALUE);
	}

}
