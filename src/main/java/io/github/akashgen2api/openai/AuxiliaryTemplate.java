package io.github.akashgen2api.openai;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.Message;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text of an auxiliary request, an entry of {@code auxiliary-requests.json}.
 *
 * @param app the app's name, for readers of the file
 * @param text the answer if it is {@link Answer#TEXT}; otherwise {@code null}
 * @param starts the starts of the text, one for each language and version
 */
record AuxiliaryTemplate(String app, Sender sender, Answer answer, @Nullable String text, List<String> starts) {

	private static final int MAX_SUMMARY = 500;

	boolean matches(ChatMessage first, ChatMessage last) {
		return switch (this.sender) {
			case USER -> last.isFromUser() && isStartOf(last.text());
			case SYSTEM ->
				(first.isInstruction() && isStartOf(first.text())) || (last.isInstruction() && isStartOf(last.text()));
		};
	}

	private boolean isStartOf(String text) {
		return this.starts.stream().anyMatch(text::startsWith);
	}

	String answer(List<Message> conversation) {
		List<String> texts = conversation.stream()
			.filter((message) -> message.role() == Message.Role.USER)
			.map(Message::content)
			.flatMap(this::userTexts)
			.toList();
		return switch (this.answer) {
			case TITLE -> Transcript
				.title(texts.isEmpty() ? "" : (this.sender == Sender.USER) ? texts.getFirst() : texts.getLast());
			case SUMMARY -> truncated(Markdown.oneLine(String.join("; ", texts)));
			case TEXT -> Objects.requireNonNull(this.text);
		};
	}

	/** The user's own texts, without the template and without dropped messages. */
	private Stream<String> userTexts(String message) {
		List<String> texts = Transcript.userTexts(message);
		if (!texts.isEmpty()) {
			return texts.stream()
				.limit((this.answer == Answer.TITLE) ? 1 : texts.size())
				.map(AuxiliaryTemplate::decoded);
		}
		return (message.equals(RecentMessages.DROPPED) || isStartOf(message)) ? Stream.empty() : Stream.of(message);
	}

	/** Decodes the escapes of Cherry Studio's JSON. */
	private static String decoded(String text) {
		try {
			return (text.indexOf('\\') < 0) ? text : JsonMapper.shared().readValue('"' + text + '"', String.class);
		}
		catch (JacksonException ex) {
			return text;
		}
	}

	private static String truncated(String text) {
		return (text.length() <= MAX_SUMMARY) ? text
				: text.substring(0, text.offsetByCodePoints(0, MAX_SUMMARY / 2)) + "…";
	}

	/** The sender of the message that starts with the text. */
	enum Sender {

		/** The last message, of the user. */
		USER,

		/** The first or the last message, an instruction. */
		SYSTEM

	}

	/** The kind of answer. */
	enum Answer {

		/** A title from the user's first or last text. */
		TITLE,

		/** All texts of the user. */
		SUMMARY,

		/** A fixed text. */
		TEXT

	}

}
