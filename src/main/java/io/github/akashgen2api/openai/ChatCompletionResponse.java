package io.github.akashgen2api.openai;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code POST /v1/chat/completions}: OpenAI's chat completion object, with
 * the fields of the README beside it.
 *
 * @param id the job's id; of words, a made-up one
 * @param object always {@code chat.completion}
 * @param created when it was asked for, in seconds since 1970
 * @param model the model that was asked for
 * @param choices always one
 * @param usage always zeros: AkashGen does not count
 * @param painting the fields of the README; {@code null} for words
 */
record ChatCompletionResponse(String id, String object, long created, String model, List<Choice> choices, Usage usage,
		@JsonUnwrapped @JsonInclude(JsonInclude.Include.NON_NULL) AssistantMessage.@Nullable Painting painting) {

	static ChatCompletionResponse of(AssistantMessage reply, String model, Instant created) {
		Choice choice = new Choice(0, new Message("assistant", reply.content(), null), null, "stop");
		return new ChatCompletionResponse(reply.id(), "chat.completion", created.getEpochSecond(), model,
				List.of(choice), Usage.NONE, reply.painting());
	}

	/**
	 * One of the answers.
	 *
	 * @param index always 0
	 * @param message what is said
	 * @param logprobs always {@code null}, but there: some clients insist
	 * @param finishReason always {@code stop}
	 */
	record Choice(int index, Message message, @Nullable String logprobs,
			@JsonProperty("finish_reason") String finishReason) {
	}

	/**
	 * What is said.
	 *
	 * @param role always {@code assistant}
	 * @param content in Markdown
	 * @param refusal always {@code null}, but there: some clients insist
	 */
	record Message(String role, String content, @Nullable String refusal) {
	}

}
