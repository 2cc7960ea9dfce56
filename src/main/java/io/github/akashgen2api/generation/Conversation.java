package io.github.akashgen2api.generation;

import java.util.List;

import io.github.akashgen2api.akash.Message;

/**
 * What a caller says. It may be long, so it is forgotten once AkashGen has taken it, or
 * nobody wants it any longer, however many frames and callbacks still hold this object.
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
	 * What is said; nothing where it was forgotten.
	 */
	public List<Message> messages() {
		return this.messages;
	}

	/** As much as it takes in memory at most: two for a character. */
	long bytes() {
		return messages().stream().mapToLong((message) -> 2L * message.content().length()).sum();
	}

	void forget() {
		this.messages = List.of();
	}

}
