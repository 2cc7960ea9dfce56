package io.github.akashgen2api.openai;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.web.body.KnownFields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The body of {@code POST /v1/jobs}: a prompt, or the messages of a chat. All other
 * fields are ignored.
 *
 * @param prompt what the image shall show; {@code null} if there are messages
 * @param messages as in chat completions; {@code null} if there is a prompt
 * @param metadata at most 16 pairs that the job carries; {@code null} for none
 */
@KnownFields(value = { "prompt", "messages", "metadata" }, nested = { "role", "content", "type", "text" },
		open = "metadata")
record ImageJobRequest(ImageGenerationRequest.@Nullable Prompt prompt,
		@JsonDeserialize(as = RecentMessages.class) @Nullable List<@Nullable ChatMessage> messages,
		@Nullable Map<String, @Nullable String> metadata) {

	private static final int MAX_PAIRS = 16;

	private static final int MAX_NAME = 64;

	private static final int MAX_VALUE = 512;

	/**
	 * What the image shall show.
	 * @throws InvalidRequestException if neither field describes it, or both do
	 */
	List<Message> conversation() {
		if (this.prompt != null && this.messages != null) {
			throw new InvalidRequestException("prompt", "must not be sent together with messages");
		}
		if (this.messages != null) {
			return new ChatCompletionRequest(this.messages, null, null, null, null, null, null, null).conversation();
		}
		ImageGenerationRequest request = new ImageGenerationRequest(this.prompt, null, null, null, null, null, null,
				null);
		var _ = request.toSpec();
		return request.conversation();
	}

	/**
	 * The metadata, checked.
	 * @throws InvalidRequestException if there are too many pairs, or one is too long
	 */
	Map<String, String> checkedMetadata() {
		return checked(this.metadata);
	}

	static Map<String, String> checked(@Nullable Map<String, @Nullable String> metadata) {
		Map<String, String> checked = new LinkedHashMap<>();
		if (metadata == null) {
			return checked;
		}
		if (metadata.size() > MAX_PAIRS) {
			throw new InvalidRequestException("metadata", "must have at most " + MAX_PAIRS + " pairs");
		}
		metadata.forEach((name, value) -> {
			if (name.length() > MAX_NAME) {
				throw new InvalidRequestException("metadata", "must have names of at most " + MAX_NAME + " characters");
			}
			if (value == null || value.length() > MAX_VALUE) {
				throw new InvalidRequestException("metadata." + name,
						"must be a string of at most " + MAX_VALUE + " characters");
			}
			checked.put(name, value);
		});
		return checked;
	}

	/** Release the memory of the words, which may be long. */
	void discardWords() {
		if (this.prompt != null) {
			this.prompt.clear();
		}
		if (this.messages != null) {
			this.messages.clear();
		}
	}

}
