package io.github.akashgen2api.openai;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * Reads the input of a response as the messages of a chat: a text of the user, or items.
 * Items that are not messages, such as the call of a tool or a reference to an earlier
 * item, become messages without text, as errors count from the first item.
 */
class InputDeserializer extends ValueDeserializer<RecentMessages> {

	@Override
	public @Nullable RecentMessages deserialize(JsonParser parser, DeserializationContext context) {
		RecentMessages messages = new RecentMessages();
		if (parser.currentToken() == JsonToken.VALUE_STRING) {
			messages.add(new ChatMessage("user", parser.getString()));
			return parser.getString().isBlank() ? null : messages;
		}
		if (parser.currentToken() != JsonToken.START_ARRAY) {
			return context.reportInputMismatch(RecentMessages.class, "must be a string or an array of items");
		}
		while (parser.nextToken() != JsonToken.END_ARRAY) {
			try {
				messages.add((parser.currentToken() != JsonToken.VALUE_NULL)
						? context.readValue(parser, Item.class).toMessage() : null);
			}
			catch (JacksonException ex) {
				throw ex.prependPath(messages, messages.size());
			}
		}
		return messages;
	}

	/**
	 * An item of the input.
	 *
	 * @param type {@code message} or {@code null} for a message
	 * @param role as in chat completions
	 * @param content the text, sent as a string or as parts
	 */
	private record Item(@Nullable String type, @Nullable String role,
			@JsonDeserialize(using = ContentDeserializer.class) @Nullable String content) {

		ChatMessage toMessage() {
			return (this.type == null || this.type.equals("message")) ? new ChatMessage(this.role, this.content)
					: new ChatMessage("other", null);
		}

	}

}
