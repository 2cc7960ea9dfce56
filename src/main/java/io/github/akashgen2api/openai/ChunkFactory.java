package io.github.akashgen2api.openai;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Creates the chunks of one completion.
 *
 * @param id the id of all its chunks
 * @param created the time of the request
 * @param model the requested model
 */
record ChunkFactory(String id, Instant created, String model) {

	private static final String FAILED = "Image generation failed";

	ChatCompletionChunk empty() {
		return chunk(new ChatCompletionChunk.Delta(null, null, null), null);
	}

	ChatCompletionChunk role() {
		return chunk(new ChatCompletionChunk.Delta("assistant", "", null), null);
	}

	ChatCompletionChunk content(String content) {
		return chunk(new ChatCompletionChunk.Delta(null, content, null), null);
	}

	ChatCompletionChunk images(List<ImagePart> images) {
		return chunk(new ChatCompletionChunk.Delta(null, null, images), null);
	}

	/** Includes the role, as this may be the first chunk. */
	ChatCompletionChunk error(String message) {
		String content = Markdown.text(message.startsWith(FAILED) ? message : FAILED + ": " + message);
		return chunk(new ChatCompletionChunk.Delta("assistant", content, null), null);
	}

	ChatCompletionChunk finish() {
		return chunk(new ChatCompletionChunk.Delta(null, null, null), "stop");
	}

	ChatCompletionChunk usage() {
		return chunk(List.of(), Usage.ZERO);
	}

	private ChatCompletionChunk chunk(ChatCompletionChunk.Delta delta, @Nullable String finishReason) {
		return chunk(List.of(new ChatCompletionChunk.Choice(0, delta, null, finishReason)), null);
	}

	private ChatCompletionChunk chunk(List<ChatCompletionChunk.Choice> choices, @Nullable Usage usage) {
		return new ChatCompletionChunk(this.id, "chat.completion.chunk", this.created.getEpochSecond(), this.model,
				choices, usage);
	}

}
