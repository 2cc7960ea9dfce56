package io.github.akashgen2api.openai;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.polling.PollingService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Streams a completion. As a picture is there whole or not at all, nothing but signs of
 * life is sent until it is, or has failed: the error is then the first that a client
 * reads.
 */
@Component
class CompletionStreamer {

	/** In characters, far below the 64 KiB a line that some clients can read. */
	private static final int MAX_CONTENT = 8000;

	private final PollingService polling;

	private final OpenAiProperties.Stream settings;

	private final JsonMapper json;

	CompletionStreamer(PollingService polling, OpenAiProperties settings, JsonMapper json) {
		this.polling = polling;
		this.settings = settings.stream();
		this.json = json;
	}

	/**
	 * Tell how a picture comes along, and then show it.
	 * @param begun when the caller asked
	 * @param pictured what is said when the picture is there
	 * @param isGone tells whether the caller has gone away
	 * @param http names the origin of a web page
	 * @return whether the client received all of it; {@code false} if it disconnected
	 * @throws RuntimeException if there is no picture; the stream may have begun
	 */
	boolean write(GenerationHandle generation, ChatCompletionRequest request, Instant begun,
			Function<Job, AssistantMessage> pictured, BooleanSupplier isGone, HttpServletRequest http,
			HttpServletResponse response) {
		boolean isWebPage = http.getHeader(HttpHeaders.ORIGIN) != null;
		long start = System.nanoTime();
		// Until here, a refusal is an HTTP status.
		queued(generation, this.settings.patience());
		try {
			SseWriter events = SseWriter.open(response, this.json);
			String id = id(generation);
			tellFailureInTheAnswer(new ChatCompletionChunk.Head(id, begun, request.modelOrDefault()), isWebPage, http);
			Optional<AssistantMessage> reply = reply(generation, pictured, Duration.ZERO);
			while (reply.isEmpty()) {
				id = events.hasData() ? id : id(generation);
				ChatCompletionChunk.Head head = new ChatCompletionChunk.Head(id, begun, request.modelOrDefault());
				tellFailureInTheAnswer(head, isWebPage, http);
				keepAlive(events, generation, this.settings.keepAlive().of(isWebPage), head,
						Duration.ofNanos(System.nanoTime() - start));
				reply = reply(generation, pictured, this.settings.interval());
			}
			if (isGone.getAsBoolean()) {
				return false;
			}
			// A chunk that was sent before the job was queued has named another.
			write(events.hasData() ? reply.get().withId(id) : reply.get(), request, begun, events);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Web pages show nothing of an event that tells of an error. */
	private void tellFailureInTheAnswer(ChatCompletionChunk.Head head, boolean isWebPage, HttpServletRequest http) {
		if (isWebPage && this.settings.keepAlive() == OpenAiProperties.KeepAlive.AUTO) {
			SseWriter.tellFailureInTheAnswer(head, http);
		}
	}

	private static Optional<AssistantMessage> reply(GenerationHandle generation,
			Function<Job, AssistantMessage> pictured, Duration atMost) {
		try {
			return generation.picture(atMost).map((_) -> pictured.apply(generation.job()));
		}
		catch (AkashGenException.TextAnswer ex) {
			return Optional.of(AssistantMessage.words(ex.text()));
		}
	}

	private static String id(GenerationHandle generation) {
		return queued(generation, Duration.ZERO).map((job) -> job.id().value()).orElseGet(AssistantMessage::madeUpId);
	}

	private void keepAlive(SseWriter events, GenerationHandle generation, OpenAiProperties.KeepAlive keepAlive,
			ChatCompletionChunk.Head head, Duration elapsed) throws IOException {
		Optional<Job> job = queued(generation, Duration.ZERO);
		switch (keepAlive) {
			case COMMENT -> events.comment(
					job.map(this::standing).orElseGet(() -> waiting(generation)) + ", " + elapsed.toSeconds() + " s");
			case CHUNK -> events.data(events.hasData() ? head.empty() : head.role());
			case OFF, AUTO -> {
			}
		}
	}

	/** The job, unless AkashGen is still silent, or answered in words. */
	private static Optional<Job> queued(GenerationHandle generation, Duration atMost) {
		try {
			return generation.job(atMost);
		}
		catch (AkashGenException.TextAnswer ex) {
			return Optional.empty();
		}
	}

	private static String waiting(GenerationHandle generation) {
		OptionalInt position = generation.queuePosition();
		return position.isPresent() ? "queued, position " + position.getAsInt() : "asking AkashGen";
	}

	private String standing(Job job) {
		return switch (this.polling.lastSeen(job.id()).orElse(null)) {
			case JobStatus.Pending pending when pending.queuePosition() > 0 ->
				"pending, queue position " + pending.queuePosition();
			case null, default -> "pending";
		};
	}

	/**
	 * Say something at once.
	 */
	void write(AssistantMessage reply, ChatCompletionRequest request, Instant begun, HttpServletResponse response) {
		try {
			write(reply, request, begun, SseWriter.open(response, this.json));
		}
		catch (IOException ex) {
			// The caller is gone.
		}
	}

	private static void write(AssistantMessage reply, ChatCompletionRequest request, Instant begun, SseWriter events)
			throws IOException {
		ChatCompletionChunk.Head head = new ChatCompletionChunk.Head(reply.id(), begun, request.modelOrDefault());
		if (!events.hasData()) {
			events.data(head.role());
		}
		String content = reply.content();
		for (int start = 0; start < content.length();) {
			int end = Math.min(content.length(), start + MAX_CONTENT);
			end -= (end < content.length() && Character.isHighSurrogate(content.charAt(end - 1))) ? 1 : 0;
			events.data(head.content(content.substring(start, end)));
			start = end;
		}
		events.data(head.finish());
		if (request.isUsageWanted()) {
			events.data(head.usage());
		}
		events.done();
	}

}
