package io.github.akashgen2api.generation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.images.StoredImage;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Pictures that come when those who waited have lost patience, or were told of trouble:
 * who follows the link later shall find them.
 */
@Component
class LatePictures implements AutoCloseable {

	private final PollingService polling;

	private final ImageService images;

	private final Duration pause;

	private final InstantSource clock;

	private final AtomicBoolean isStopping = new AtomicBoolean();

	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("late-picture-", 0).factory());

	LatePictures(PollingService polling, ImageService images, GenerationProperties settings, InstantSource clock) {
		this.polling = polling;
		this.images = images;
		this.pause = settings.lostPause();
		this.clock = clock;
	}

	/** Whether a picture may come yet, although it did not in time. */
	static boolean mayCome(Throwable failure) {
		return failure instanceof PollingException.JobTimeout || isTrouble(failure);
	}

	/** AkashGen's, which may be over in some minutes. */
	private static boolean isTrouble(@Nullable Throwable failure) {
		return failure instanceof PollingException.PollTrouble || (failure instanceof ImageUnavailableException ex
				&& !(ex.reason() instanceof AkashGenException.InvalidImage));
	}

	/**
	 * Have a picture fetched and kept when its job has ended; in trouble again and again,
	 * for as long as jobs are followed.
	 * @param reason why it did not come in time
	 * @param looked is told of the job's end; {@code null} where it is not known
	 * @return completes with why there is none, in the end
	 */
	CompletableFuture<StoredImage> fetch(JobId id, Throwable reason, Consumer<JobStatus.@Nullable Succeeded> looked) {
		Instant until = this.clock.instant().plus(this.polling.followFor());
		return (reason instanceof ImageUnavailableException) ? later(id, reason, looked, this.pause, until)
				: fetch(id, looked, this.pause, until);
	}

	private CompletableFuture<StoredImage> fetch(JobId id, Consumer<JobStatus.@Nullable Succeeded> looked,
			Duration pause, Instant until) {
		return this.polling.end(id)
			.whenComplete((status, _) -> looked.accept(status))
			.thenApplyAsync((succeeded) -> this.images.fetch(id, succeeded.location()), this.threads)
			.exceptionallyCompose((failure) -> later(id, failure, looked, pause, until));
	}

	private CompletableFuture<StoredImage> later(JobId id, Throwable failure,
			Consumer<JobStatus.@Nullable Succeeded> looked, Duration pause, Instant until) {
		Throwable reason = (failure instanceof CompletionException) ? failure.getCause() : failure;
		if (!isTrouble(reason) || this.isStopping.get() || !this.clock.instant().plus(pause).isBefore(until)) {
			return CompletableFuture.failedFuture(failure);
		}
		Executor afterThePause = CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS, this.threads);
		return CompletableFuture.runAsync(() -> {
		}, afterThePause).thenCompose((_) -> fetch(id, looked, pause.multipliedBy(2), until));
	}

	@Override
	public void close() {
		this.isStopping.set(true);
	}

}
