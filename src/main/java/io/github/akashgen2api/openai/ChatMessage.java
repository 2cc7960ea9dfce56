package io.github.akashgen2api.openai;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.web.body.TruncatingJsonStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A message as clients send it.
 *
 * @param role {@code user}, {@code assistant}, {@code system}, {@code developer}, or
 * {@code other} for those that are not heeded
 * @param content its text, however it was sent; {@code null} where it has none
 */
record ChatMessage(@Nullable String role,
		@JsonDeserialize(using = ContentDeserializer.class) @Nullable String content) {

	/**
	 * An image in Markdown, as a chat app sends back our own answers: alternative text,
	 * then an address (a long data URL, at worst) and perhaps a title. Possessive
	 * throughout, so that no text makes it slow.
	 */
	private static final Pattern MARKDOWN_IMAGE = Pattern.compile("""
			!\\[(?:[^\\[\\]\\\\]|\\\\.|\\[[^\\[\\]]{0,500}+]){0,4000}+]\
			\\(\\s{0,9}+(?:<[^<>\\n]*+>|[^\\s()<]*+(?:\\([^\\s()]*+\\)[^\\s()]*+){0,20}+)\
			(?:\\s{1,9}+(?:"[^"]*+"|'[^']*+'))?+\\s{0,9}+\\)""");

	/**
	 * Of others, a history of megabytes would be held as long as the picture is waited
	 * for.
	 */
	private static final Set<String> HEEDED = Set.of("user", "assistant", "system", "developer");

	private static final Set<String> INSTRUCTIONS = Set.of("system", "developer");

	private static final Message NOT_HEEDED = new Message(Message.Role.USER, "");

	ChatMessage {
		if (role != null && !HEEDED.contains(role)) {
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
	 * Whether it tells the model how to answer.
	 */
	boolean isInstruction() {
		return this.role != null && INSTRUCTIONS.contains(this.role);
	}

	/**
	 * What stands in it, without spaces around; empty where it has no text.
	 */
	String text() {
		return (this.content != null) ? this.content.strip() : "";
	}

	/**
	 * Whether it says more than was read of it.
	 */
	boolean isCut() {
		return this.content != null && this.content.length() > TruncatingJsonStream.MAX_TEXT
				&& (isInstruction() || said().isPresent());
	}

	/**
	 * What is said by the user or the assistant; empty if nothing is.
	 */
	Optional<Message> said() {
		if (this.role == null || this.content == null) {
			return Optional.empty();
		}
		Message said = switch (this.role) {
			case "user" -> new Message(Message.Role.USER, this.content.strip());
			case "assistant" -> new Message(Message.Role.ASSISTANT, withoutImages(this.content));
			default -> NOT_HEEDED;
		};
		return said.content().isEmpty() ? Optional.empty() : Optional.of(said);
	}

	/** AkashGen would take our own links for something to paint. */
	private static String withoutImages(String text) {
		return Markdown.plain(MARKDOWN_IMAGE.matcher(text).replaceAll("")).strip();
	}

}
