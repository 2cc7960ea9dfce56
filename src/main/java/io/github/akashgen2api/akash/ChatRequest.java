package io.github.akashgen2api.akash;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A conversation as AkashGen takes it: what its own web page sends, and nothing of what a
 * caller sent besides the text. {@code parts} and foreign fields would win over the text
 * or end in an empty 500.
 *
 * @param id 16 random letters and digits
 * @param messages the last three at most; AkashGen's prompt writer sees no more
 * @param model always {@code AkashGen}
 * @param system always empty: it is not used for images
 * @param temperature the web page's; sent as a number, as AkashGen refuses text
 * @param topP the web page's
 * @param context always empty
 */
record ChatRequest(String id, List<Turn> messages, String model, String system, double temperature, int topP,
		List<String> context) {

	private static final int MAX_MESSAGES = 3;

	/** AkashGen answers with an empty 500 where a message holds one of these. */
	private static final Pattern TOKENIZER_MARK = Pattern
		.compile("<(?=\\|(?:endoftext|fim_prefix|fim_middle|fim_suffix|endofprompt)\\|>)");

	ChatRequest {
		messages = List.copyOf(messages);
		context = List.copyOf(context);
	}

	static ChatRequest of(String id, List<Message> conversation) {
		List<Turn> turns = conversation.stream()
			.filter((message) -> !message.content().isBlank())
			.map(Turn::of)
			.toList();
		List<Turn> last = turns.subList(Math.max(0, turns.size() - MAX_MESSAGES), turns.size());
		return new ChatRequest(id, last, "AkashGen", "", 0.85, 1, List.of());
	}

	/**
	 * A message on the wire.
	 *
	 * @param role {@code user} or {@code assistant}
	 * @param content never empty
	 */
	record Turn(String role, String content) {

		static Turn of(Message message) {
			return new Turn(message.role().name().toLowerCase(Locale.ROOT),
					TOKENIZER_MARK.matcher(message.content()).replaceAll("< "));
		}

	}

}
