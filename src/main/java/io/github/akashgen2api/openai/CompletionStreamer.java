package io.github.akashgen2api.openai;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.generation.GenerationHandle;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Streams a completion: keep-alives until the image is finished, then its chunks. If the
 * generation fails, the error is the first event that a client reads.
 */
@Component
class CompletionStreamer {

	/** In characters; some clients read lines of at most 64 KiB. */
	private static final int MAX_CONTENT = 8000;

	private final StreamProgress progress;

	private final OpenAiProperties.Stream settings;

	private final JsonMapper json;

	CompletionStreamer(StreamProgress progress, OpenAiProperties settings, JsonMapper json) {
		this.progress = progress;
		this.settings = settings.stream();
		this.json = json;
	}

	/**
	 * Stream the progress of a generation and then its image.
	 * @param created the time of the request
	 * @param message creates the message of the finished image
	 * @return whether the client received all of it; {@code false} if it disconnected
	 * @throws RuntimeException if the generation fails; the response may be committed
	 */
	boolean write(GenerationHandle generation, ChatCompletionRequest request, Instant created,
			Function<Job, AssistantMessage> message, HttpServletRequest http, HttpServletResponse response) {
		boolean isWebPage = http.getHeader(HttpHeaders.ORIGIN) != null;
		long start = System.nanoTime();
		// An error within this time has an HTTP status.
		StreamProgress.job(generation, this.settings.startDelay());
		try {
			SseWriter events = SseWriter.open(response, this.json);
			ChunkFactory chunks = chunks(generation, request, created, isWebPage, http);
			Optional<AssistantMessage> result = result(generation, message, Duration.ZERO);
			while (result.isEmpty()) {
				if (!events.hasData()) {
					chunks = chunks(generation, request, created, isWebPage, http);
				}
				keepAlive(events, generation, this.settings.keepAlive().resolve(isWebPage), chunks,
						Duration.ofNanos(System.nanoTime() - start));
				result = result(generation, message, this.settings.interval());
			}
			if (!generation.beginAnswer()) {
				return false;
			}
			// Chunks that were sent before the job was queued have a random id.
			write(events.hasData() ? result.get().withId(chunks.id()) : result.get(), request, created, events);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Web pages do not show an error event, so they also receive an error as content. */
	private ChunkFactory chunks(GenerationHandle generation, ChatCompletionRequest request, Instant created,
			boolean isWebPage, HttpServletRequest http) {
		ChunkFactory chunks = new ChunkFactory(id(generation), created, request.modelOrDefault());
		if (isWebPage && this.settings.keepAlive() == OpenAiProperties.KeepAlive.AUTO) {
			SseWriter.sendErrorsAsContent(chunks, http);
		}
		return chunks;
	}

	private static Optional<AssistantMessage> result(GenerationHandle generation,
			Function<Job, AssistantMessage> message, Duration atMost) {
		try {
			return generation.awaitImage(atMost) ? Optional.of(message.apply(generation.awaitJob())) : Optional.empty();
		}
		catch (AkashGenException.TextAnswer ex) {
			return Optional.of(AssistantMessage.text(ex.text()));
		}
	}

	private static String id(GenerationHandle generation) {
		return StreamProgress.job(generation, Duration.ZERO)
			.map((job) -> job.id().value())
			.orElseGet(AssistantMessage::randomId);
	}

	private void keepAlive(SseWriter events, GenerationHandle generation, OpenAiProperties.KeepAlive keepAlive,
			ChunkFactory chunks, Duration elapsed) throws IOException {
		switch (keepAlive) {
			case COMMENT -> events.comment(this.progress.describe(generation, elapsed));
			case CHUNK -> events.data(events.hasData() ? chunks.empty() : chunks.role());
			case OFF, AUTO -> {
			}
		}
	}

	/**
	 * Stream a message that is already complete.
	 */
	void write(AssistantMessage message, ChatCompletionRequest request, Instant created, HttpServletResponse response) {
		try {
			write(message, request, created, SseWriter.open(response, this.json));
		}
		catch (IOException ex) {
			// The client has disconnected.
		}
	}

	private static void write(AssistantMessage message, ChatCompletionRequest request, Instant created,
			SseWriter events) throws IOException {
		ChunkFactory chunks = new ChunkFactory(message.id(), created, request.modelOrDefault());
		if (!events.hasData()) {
			events.data(chunks.role());
		}
		String content = message.content();
		for (int start = 0; start < content.length();) {
			int end = Math.min(content.length(), start + MAX_CONTENT);
			end -= (end < content.length() && Character.isHighSurrogate(content.charAt(end - 1))) ? 1 : 0;
			events.data(chunks.content(content.substring(start, end)));
			start = end;
		}
		events.data(chunks.finish());
		if (request.includesUsage()) {
			events.data(chunks.usage());
		}
		events.done();
	}

}
