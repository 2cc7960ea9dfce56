package io.github.akashgen2api.openai;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's chat completion chunk object. {@link ChunkFactory} creates the chunks of one
 * completion.
 *
 * @param id the same in all chunks of a completion
 * @param object always {@code chat.completion.chunk}
 * @param created the time of the request, in seconds since 1970
 * @param model the requested model
 * @param choices one; empty in the chunk with the usage
 * @param usage only in the last chunk, if the client requested it; otherwise {@code null}
 * and omitted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChatCompletionChunk(String id, String object, long created, String model, List<Choice> choices,
		@Nullable Usage usage) {

	/**
	 * OpenAI's choice object of a chunk.
	 *
	 * @param index always 0
	 * @param logprobs always {@code null}; some clients require the field
	 * @param finishReason {@code stop} in the last chunk that has a choice
	 */
	record Choice(int index, Delta delta, @Nullable String logprobs,
			@JsonProperty("finish_reason") @Nullable String finishReason) {
	}

	/**
	 * OpenAI's delta object.
	 *
	 * @param role {@code assistant} in the first chunk
	 * @param content the next part of the Markdown
	 * @param images the image, in OpenRouter's shape
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Delta(@Nullable String role, @Nullable String content, @Nullable List<ImagePart> images) {
	}

}
