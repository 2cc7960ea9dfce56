package io.github.akashgen2api.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.akashgen2api.akash.Message;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/chat/completions}, as far as it is heeded; whatever else a
 * client sends is ignored.
 *
 * @param messages the conversation
 * @param model echoed in the answer; {@code null}: {@code AkashGen}
 * @param waitForImage whether to answer when the picture is made, and not when it is
 * queued; {@code null}: it is waited for
 */
record ChatCompletionRequest(@Nullable List<@Nullable ChatMessage> messages, @Nullable String model,
		@Nullable Boolean waitForImage) {

	static final String DEFAULT_MODEL = "AkashGen";

	String modelOrDefault() {
		return (this.model != null) ? this.model : DEFAULT_MODEL;
	}

	boolean isPictureAwaited() {
		return this.waitForImage == null || this.waitForImage;
	}

	/**
	 * What is said in the conversation by the user and the assistant; what has no text is
	 * left out, and so are other roles.
	 * @throws InvalidRequestException if there is nothing to paint in it
	 */
	List<Message> conversation() {
		if (this.messages == null) {
			throw new InvalidRequestException("messages", "is missing");
		}
		if (this.messages.isEmpty()) {
			throw new InvalidRequestException("messages", "must not be empty");
		}
		List<Message> conversation = new ArrayList<>();
		Optional<Message> lastOfUser = Optional.empty();
		String lastOfUserField = "messages";
		for (int i = 0; i < this.messages.size(); i++) {
			ChatMessage message = this.messages.get(i);
			if (message == null || message.role() == null) {
				throw new InvalidRequestException("messages[" + i + "].role", "is missing");
			}
			Optional<Message> said = message.said();
			said.ifPresent(conversation::add);
			if (message.isFromUser()) {
				lastOfUser = said;
				lastOfUserField = "messages[" + i + "].content";
			}
		}
		if (lastOfUser.isEmpty()) {
			boolean isSilent = lastOfUserField.endsWith("content");
			throw new InvalidRequestException(lastOfUserField,
					isSilent ? "holds no text to paint" : "must hold a message whose role is 'user'");
		}
		return conversation;
	}

}
