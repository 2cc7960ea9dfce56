package io.github.akashgen2api.openai;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code POST /v1/chat/completions}: OpenAI's chat completion object, with
 * the fields that the README documents.
 *
 * @param id the job's id; random for a text answer
 * @param object always {@code chat.completion}
 * @param created the time of the request, in seconds since 1970
 * @param model the requested model
 * @param choices exactly one
 * @param usage always zeros, as AkashGen does not count tokens
 * @param imageFields the fields that the README documents; {@code null} for a text answer
 */
record ChatCompletionResponse(String id, String object, long created, String model, List<Choice> choices, Usage usage,
		@JsonUnwrapped @JsonInclude(JsonInclude.Include.NON_NULL) AssistantMessage.@Nullable ImageFields imageFields) {

	/**
	 * Create the answer.
	 * @param includesImages whether the message contains its image as a part
	 */
	static ChatCompletionResponse of(AssistantMessage message, String model, Instant created, boolean includesImages) {
		Choice choice = new Choice(0,
				new Message("assistant", message.content(), null, includesImages ? message.images() : null), null,
				"stop");
		return new ChatCompletionResponse(message.id(), "chat.completion", created.getEpochSecond(), model,
				List.of(choice), Usage.ZERO, message.imageFields());
	}

	/**
	 * OpenAI's choice object.
	 *
	 * @param index always 0
	 * @param logprobs always {@code null}; some clients require the field
	 * @param finishReason always {@code stop}
	 */
	record Choice(int index, Message message, @Nullable String logprobs,
			@JsonProperty("finish_reason") String finishReason) {
	}

	/**
	 * OpenAI's message object.
	 *
	 * @param role always {@code assistant}
	 * @param content Markdown
	 * @param refusal always {@code null}; some clients require the field
	 * @param images the image, in OpenRouter's shape; {@code null} and omitted unless the
	 * client asked for it
	 */
	record Message(String role, String content, @Nullable String refusal,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ImagePart> images) {
	}

}
