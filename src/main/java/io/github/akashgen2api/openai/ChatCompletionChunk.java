package io.github.akashgen2api.openai;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a streamed completion: OpenAI's chat completion chunk object.
 *
 * @param id the same in all pieces
 * @param object always {@code chat.completion.chunk}
 * @param created when it was asked for, in seconds since 1970
 * @param model the model that was asked for
 * @param choices one, or none where the usage is told
 * @param usage {@code null}, and then left out, but in the last piece of who asked for it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChatCompletionChunk(String id, String object, long created, String model, List<Choice> choices,
		@Nullable Usage usage) {

	/**
	 * What all pieces of a completion have in common.
	 *
	 * @param id the same in all pieces
	 * @param created when it was asked for
	 * @param model the model that was asked for
	 */
	record Head(String id, Instant created, String model) {

		ChatCompletionChunk empty() {
			return chunk(new Delta(null, null), null);
		}

		ChatCompletionChunk role() {
			return chunk(new Delta("assistant", ""), null);
		}

		ChatCompletionChunk content(String content) {
			return chunk(new Delta(null, content), null);
		}

		/** With the role, as nothing may have been said before. */
		ChatCompletionChunk failure(String content) {
			return chunk(new Delta("assistant", content), null);
		}

		ChatCompletionChunk finish() {
			return chunk(new Delta(null, null), "stop");
		}

		ChatCompletionChunk usage() {
			return chunk(List.of(), Usage.NONE);
		}

		private ChatCompletionChunk chunk(Delta delta, @Nullable String finishReason) {
			return chunk(List.of(new Choice(0, delta, null, finishReason)), null);
		}

		private ChatCompletionChunk chunk(List<Choice> choices, @Nullable Usage usage) {
			return new ChatCompletionChunk(this.id, "chat.completion.chunk", this.created.getEpochSecond(), this.model,
					choices, usage);
		}

	}

	/**
	 * A piece of one of the answers.
	 *
	 * @param index always 0
	 * @param delta what is added
	 * @param logprobs always {@code null}, but there: some clients insist
	 * @param finishReason {@code stop} in the last piece
	 */
	record Choice(int index, Delta delta, @Nullable String logprobs,
			@JsonProperty("finish_reason") @Nullable String finishReason) {
	}

	/**
	 * What is added.
	 *
	 * @param role {@code assistant} in the first piece
	 * @param content in Markdown
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Delta(@Nullable String role, @Nullable String content) {
	}

}
