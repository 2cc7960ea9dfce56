package io.github.akashgen2api.openai;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.images.StoredImage;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Streams the images of a request: comments while they are generated, and an event for
 * each as soon as it is finished. Failed images are omitted. If all fail, the error is
 * the only event.
 */
@Component
class ImageStreamer {

	private final ImageService images;

	private final StreamProgress progress;

	private final OpenAiProperties.Stream settings;

	private final JsonMapper json;

	private final InstantSource clock;

	/** Images are converted there, so that the comments go on. */
	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("image-stream-", 0).factory());

	ImageStreamer(ImageService images, StreamProgress progress, OpenAiProperties settings, JsonMapper json,
			InstantSource clock) {
		this.images = images;
		this.progress = progress;
		this.settings = settings.stream();
		this.json = json;
		this.clock = clock;
	}

	/**
	 * Stream the images of generations.
	 * @param end converts the image of a generation that has ended; it has content
	 * @param type the type of the events
	 * @throws RuntimeException if all fail; the response may be committed
	 */
	void write(List<GenerationHandle> generations, Function<GenerationHandle, ImageOutcome> end, String type,
			HttpServletResponse response) {
		long start = System.nanoTime();
		awaitFirstJob(generations);
		SequencedSet<GenerationHandle> undelivered = new LinkedHashSet<>(generations);
		try {
			SseWriter events = SseWriter.open(response, this.json);
			CompletionService<ImageOutcome> outcomes = new ExecutorCompletionService<>(this.threads);
			generations.forEach((generation) -> generation.onEnd(() -> outcomes.submit(() -> end.apply(generation))));
			List<RuntimeException> errors = new ArrayList<>();
			for (int i = 0; i < generations.size(); i++) {
				ImageOutcome outcome = next(outcomes, events, undelivered.getFirst(), start);
				StoredImage image = (outcome.image() != null) ? outcome.image().content() : null;
				if (image == null) {
					errors.add(error(outcome));
					continue;
				}
				if (!outcome.generation().beginAnswer()) {
					return;
				}
				events.event(type,
						ImageStreamEvent.of(type, image, this.images.size(image).orElse("auto"), this.clock.instant()));
				outcome.generation().markDelivered();
				undelivered.remove(outcome.generation());
			}
			if (!events.hasData()) {
				throw errors.getFirst();
			}
		}
		catch (IOException ex) {
			// The client has disconnected.
		}
		finally {
			undelivered.forEach(GenerationHandle::disconnect);
		}
	}

	/**
	 * Wait until one of the jobs is queued, but not for ever.
	 * @throws RuntimeException the first error if there will be no job
	 */
	private void awaitFirstJob(List<GenerationHandle> generations) {
		long deadline = System.nanoTime() + this.settings.startDelay().toNanos();
		List<RuntimeException> errors = new ArrayList<>();
		for (GenerationHandle generation : generations) {
			try {
				var _ = generation.awaitJob(Duration.ofNanos(deadline - System.nanoTime()));
				return;
			}
			catch (RuntimeException ex) {
				errors.add(ex);
			}
		}
		throw errors.getFirst();
	}

	private ImageOutcome next(CompletionService<ImageOutcome> outcomes, SseWriter events, GenerationHandle shown,
			long start) throws IOException {
		try {
			Future<ImageOutcome> next = outcomes.poll();
			while (next == null) {
				events.comment(this.progress.describe(shown, Duration.ofNanos(System.nanoTime() - start)));
				next = outcomes.poll(this.settings.interval().toNanos(), TimeUnit.NANOSECONDS);
			}
			return next.get();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CancellationException("Interrupted");
		}
	}

	private static RuntimeException error(ImageOutcome outcome) {
		@Nullable RuntimeException error = outcome.error();
		return (error != null) ? error : new IllegalStateException("An image of a stream has no content");
	}

}
