package io.github.akashgen2api.jobs;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.akashgen2api.akash.Message;

/**
 * The messages of a request. They may be long, so they are dropped once AkashGen has
 * taken them, or nobody waits for the image any longer, however many frames and callbacks
 * still hold this object.
 */
public final class Conversation {

	private volatile List<Message> messages;

	/**
	 * Hold messages that nobody else holds.
	 */
	public Conversation(List<Message> messages) {
		this.messages = List.copyOf(messages);
	}

	/**
	 * The messages; empty if they were dropped.
	 */
	public List<Message> messages() {
		return this.messages;
	}

	/** The last message of the user; empty if the messages were dropped. */
	public String lastWords() {
		return messages().reversed()
			.stream()
			.filter((message) -> message.role() == Message.Role.USER)
			.findFirst()
			.map(Message::content)
			.orElse("");
	}

	/** The size of the texts, in UTF-8. */
	long encodedBytes() {
		return messages().stream()
			.mapToLong((message) -> message.content().getBytes(StandardCharsets.UTF_8).length)
			.sum();
	}

	/** An upper bound of the memory that the messages take: two bytes a character. */
	public long bytes() {
		return messages().stream().mapToLong((message) -> 2L * message.content().length()).sum();
	}

	/** Drop the messages. */
	public void drop() {
		this.messages = List.of();
	}

}
