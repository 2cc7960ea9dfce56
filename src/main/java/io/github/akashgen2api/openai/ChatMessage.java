package io.github.akashgen2api.openai;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.web.body.TruncatingJsonStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A message of a chat completion request.
 *
 * @param role {@code user}, {@code assistant}, {@code system}, {@code developer}, or
 * {@code other} for all other roles, which are ignored; {@code null} if it is missing
 * @param content the text, sent as a string or as parts; {@code null} if there is none
 */
record ChatMessage(@Nullable String role,
		@JsonDeserialize(using = ContentDeserializer.class) @Nullable String content) {

	/**
	 * An image in Markdown, as chat apps send our own answers back: alternative text, a
	 * URL (possibly a long data URL) and an optional title. All quantifiers are
	 * possessive, so that matching takes linear time.
	 */
	private static final Pattern MARKDOWN_IMAGE = Pattern.compile("""
			!\\[(?:[^\\[\\]\\\\]|\\\\.|\\[[^\\[\\]]{0,500}+]){0,4000}+]\
			\\(\\s{0,9}+(?:<[^<>\\n]*+>|[^\\s()<]*+(?:\\([^\\s()]*+\\)[^\\s()]*+){0,20}+)\
			(?:\\s{1,9}+(?:"[^"]*+"|'[^']*+'))?+\\s{0,9}+\\)""");

	private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");

	private static final Set<String> INSTRUCTION_ROLES = Set.of("system", "developer");

	ChatMessage {
		// A role of megabytes would be held until the image is finished.
		if (role != null && !ROLES.contains(role)) {
			role = "other";
		}
	}

	ChatMessage withText(@Nullable String text) {
		return new ChatMessage(this.role, text);
	}

	boolean isFromUser() {
		return "user".equals(this.role);
	}

	/**
	 * Whether the message instructs the model how to answer.
	 */
	boolean isInstruction() {
		return this.role != null && INSTRUCTION_ROLES.contains(this.role);
	}

	/**
	 * The text without surrounding whitespace; empty if there is none.
	 */
	String text() {
		return (this.content != null) ? this.content.strip() : "";
	}

	/**
	 * Whether the text was longer than what was read of it.
	 */
	boolean isTruncated() {
		return this.content != null && this.content.length() > TruncatingJsonStream.MAX_TEXT
				&& (isInstruction() || toMessage().isPresent());
	}

	/**
	 * The message as AkashGen receives it; empty if it has no text, or another role than
	 * {@code user} and {@code assistant}.
	 */
	Optional<Message> toMessage() {
		if (this.role == null || this.content == null) {
			return Optional.empty();
		}
		return switch (this.role) {
			case "user" -> message(Message.Role.USER, this.content.strip());
			case "assistant" -> message(Message.Role.ASSISTANT, withoutImages(this.content));
			default -> Optional.empty();
		};
	}

	private static Optional<Message> message(Message.Role role, String text) {
		return text.isEmpty() ? Optional.empty() : Optional.of(new Message(role, text));
	}

	/** AkashGen would take the URLs of earlier images for a part of the prompt. */
	private static String withoutImages(String text) {
		return Markdown.plain(MARKDOWN_IMAGE.matcher(text).replaceAll("")).strip();
	}

}
