package io.github.akashgen2api.openai;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.jobs.ImageJob;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Streams a response: its first events at once, comments until the image is finished, and
 * then its output.
 */
@Component
class ResponseStreamer {

	private final StreamProgress progress;

	private final OpenAiProperties.Stream settings;

	private final JsonMapper json;

	private final InstantSource clock;

	ResponseStreamer(StreamProgress progress, OpenAiProperties settings, JsonMapper json, InstantSource clock) {
		this.progress = progress;
		this.settings = settings.stream();
		this.json = json;
		this.clock = clock;
	}

	/**
	 * Stream the progress of a generation and then its output.
	 * @param form what the client asked for
	 * @param output waits for the output
	 * @return whether the client received all of it; {@code false} if it disconnected
	 * @throws RuntimeException if the generation fails; the response may be committed
	 */
	boolean write(GenerationHandle generation, ResponseForm form, Supplier<ResponseOutput> output,
			HttpServletRequest http, HttpServletResponse response) {
		long start = System.nanoTime();
		var _ = StreamProgress.job(generation, this.settings.responseStartDelay());
		ImageJob job = generation.imageJob().orElseThrow(JobNotFoundException::new);
		try {
			ResponseEvents events = begin(ResponseObject.begun(job, form), response);
			SseWriter.onError(http, (_, body, error) -> events.fail(body, error));
			while (!hasEnded(generation, Duration.ZERO)) {
				if (form.tool() != null && StreamProgress.job(generation, Duration.ZERO).isPresent()) {
					events.beginCall(ResponseOutput.ImageCall.begun(ResponseObject.digits(job)));
				}
				events.comment(this.progress.describe(generation, Duration.ofNanos(System.nanoTime() - start)));
				var _ = hasEnded(generation, this.settings.interval());
			}
			ResponseOutput item = output.get();
			if (!generation.beginAnswer()) {
				return false;
			}
			events.complete(item);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Stream a message that is already complete.
	 * @param begun the response without the message
	 */
	void write(ResponseOutput.Message message, ResponseObject begun, HttpServletResponse response) {
		try {
			begin(begun, response).complete(message);
		}
		catch (IOException ex) {
			// The client has disconnected.
		}
	}

	private ResponseEvents begin(ResponseObject begun, HttpServletResponse response) throws IOException {
		return ResponseEvents.begin(SseWriter.open(response, this.json), begun, this.clock);
	}

	/** How it has ended is told where its output is. */
	private static boolean hasEnded(GenerationHandle generation, Duration atMost) {
		try {
			return generation.awaitImage(atMost);
		}
		catch (RuntimeException ex) {
			return true;
		}
	}

}
