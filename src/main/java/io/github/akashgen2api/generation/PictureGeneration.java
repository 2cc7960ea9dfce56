package io.github.akashgen2api.generation;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Excerpt;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.akash.Picture;
import io.github.akashgen2api.images.PictureStore;
import io.github.akashgen2api.images.PictureUnavailableException;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Service;

/**
 * Words in, picture out: has a picture queued, waits for it and keeps it.
 */
@Service
public class PictureGeneration {

	private static final Logger logger = LoggerFactory.getLogger(PictureGeneration.class);

	private final AkashGenClient akashGen;

	private final PollingService polling;

	private final PictureStore pictures;

	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("generation-", 0).factory());

	PictureGeneration(AkashGenClient akashGen, PollingService polling, PictureStore pictures) {
		this.akashGen = akashGen;
		this.polling = polling;
		this.pictures = pictures;
	}

	/**
	 * Have a picture queued, waited for and kept. Returns at once.
	 * @param conversation what it shall show
	 */
	public Generation begin(List<Message> conversation) {
		CompletableFuture<Job> job = CompletableFuture.supplyAsync(() -> this.akashGen.submit(conversation),
				this.threads);
		return new Generation(job, job.thenCompose((queued) -> picture(queued.id())));
	}

	/** No thread waits for the job. */
	private CompletableFuture<Picture> picture(JobId id) {
		return this.polling.await(id)
			.thenApplyAsync((succeeded) -> this.pictures.keep(id, succeeded.location()), this.threads)
			.whenComplete((_, failure) -> {
				if (failure != null && isStillToCome(failure.getCause())) {
					keepWhenItComes(id);
				}
			});
	}

	private static boolean isStillToCome(@Nullable Throwable failure) {
		return failure instanceof PollingException.JobTimeout || failure instanceof PollingException.PollTrouble;
	}

	/**
	 * Those who wait have lost patience, and were told so; who follows the link later
	 * shall find the picture.
	 */
	private void keepWhenItComes(JobId id) {
		report(this.polling.end(id)
			.thenAcceptAsync((succeeded) -> this.pictures.keep(id, succeeded.location()), this.threads)
			.exceptionally(PictureGeneration::unlessItWasTold));
	}

	private static @Nullable Void unlessItWasTold(Throwable failure) {
		if (failure.getCause() instanceof PollingException.JobTimeout) {
			return null;
		}
		throw new CompletionException(failure.getCause());
	}

	/**
	 * Log how it failed, if it does, as nobody waits to be told.
	 */
	public void leave(Generation generation) {
		report(generation.end());
	}

	private static void report(CompletableFuture<?> end) {
		var _ = end.whenComplete((_, failure) -> {
			if (failure != null) {
				report((failure instanceof CompletionException) ? failure.getCause() : failure);
			}
		});
	}

	private static void report(@Nullable Throwable failure) {
		switch (failure) {
			case PollingException ex -> logger.atWarn()
				.addKeyValue("jobId", ex.jobId())
				.log("Job {} brought no picture: {} (AkashGen's last answer: {})", ex.jobId(), message(ex),
						ex.answer());
			case PictureUnavailableException ex -> logger.atWarn()
				.addKeyValue("jobId", ex.jobId())
				.log("Job {} is done, but its picture cannot be had: {} (AkashGen's last answer: {})", ex.jobId(),
						message(ex), ex.reason().answer());
			case AkashGenException ex ->
				logger.warn("No job was queued: {} (AkashGen's answer: {})", message(ex), ex.answer());
			case null, default -> logger.error("A picture that nobody waits for met a fault of this service", failure);
		}
	}

	private static String message(Exception ex) {
		return Excerpt.printable(String.valueOf(ex.getMessage()));
	}

}
