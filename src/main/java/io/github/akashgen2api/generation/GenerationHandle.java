package io.github.akashgen2api.generation;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.images.StoredImage;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.shutdown.ServiceStoppingException;

/**
 * A picture in the making. It goes on to its end, and the picture is kept, whatever
 * becomes of those who wait here.
 */
public final class GenerationHandle {

	private final CompletableFuture<Job> job;

	private final CompletableFuture<StoredImage> picture;

	private final Runnable delivered;

	private final Runnable left;

	private final Supplier<OptionalInt> queuePosition;

	/**
	 * Follow a picture.
	 * @param delivered what is to be done when a caller has been told of it
	 * @param left what is to be done when a caller waits no longer
	 * @param queuePosition the place in the line of submits
	 */
	GenerationHandle(CompletableFuture<Job> job, CompletableFuture<StoredImage> picture, Runnable delivered,
			Runnable left, Supplier<OptionalInt> queuePosition) {
		this.job = job;
		this.picture = picture;
		this.left = left;
		this.delivered = delivered;
		this.queuePosition = queuePosition;
	}

	/** One that has not begun. */
	static GenerationHandle failed(RuntimeException failure) {
		return new GenerationHandle(CompletableFuture.failedFuture(failure), CompletableFuture.failedFuture(failure),
				() -> {
				}, () -> {
				}, OptionalInt::empty);
	}

	/** The same for one caller. */
	GenerationHandle whenLeft(Runnable callerLeft) {
		return new GenerationHandle(this.job, this.picture, this.delivered, () -> {
			callerLeft.run();
			this.left.run();
		}, this.queuePosition);
	}

	/** The same for one who waits no longer than this. */
	GenerationHandle within(Duration time) {
		return new GenerationHandle(within(this.job, time), within(this.picture, time), this.delivered, this.left,
				this.queuePosition);
	}

	/** Tell the caller, and nobody else, that the service stops. */
	void stop() {
		ServiceStoppingException reason = new ServiceStoppingException(
				(this.job.state() == Future.State.SUCCESS) ? this.job.resultNow().id() : null);
		this.job.completeExceptionally(reason);
		this.picture.completeExceptionally(reason);
		this.left.run();
	}

	private <T> CompletableFuture<T> within(CompletableFuture<T> future, Duration time) {
		return future.copy().orTimeout(time.toNanos(), TimeUnit.NANOSECONDS).exceptionallyCompose((failure) -> {
			if (!(failure instanceof TimeoutException)) {
				return CompletableFuture
					.failedFuture((failure instanceof CompletionException) ? failure.getCause() : failure);
			}
			RuntimeException tooLate = tooLate();
			this.left.run();
			return CompletableFuture.failedFuture(tooLate);
		});
	}

	private RuntimeException tooLate() {
		if (this.job.state() == Future.State.SUCCESS) {
			return new PollingException.JobTimeout(this.job.resultNow().id(), "Image generation timed out", null);
		}
		return queuePosition().isPresent() ? SubmitQueue.notSent()
				: new AkashGenException.Timeout("AkashGen did not queue a picture in time");
	}

	/**
	 * The place in the line of those whose words AkashGen has not been sent yet: 1 is
	 * next. Empty where the turn has come.
	 */
	public OptionalInt queuePosition() {
		return this.queuePosition.get();
	}

	boolean hasEnded() {
		return this.picture.isDone();
	}

	/**
	 * Wait until the job is queued.
	 * @throws CapacityExceededException if there is no room for one more
	 * @throws AkashGenException if none was, or it is not known whether one was
	 */
	public Job job() {
		return join(this.job);
	}

	/**
	 * Wait until the job is queued, but not for ever.
	 * @param atMost the longest wait; 0 only looks
	 * @return the job; empty if it was not queued in time
	 * @throws RuntimeException as {@link #job()} does
	 */
	public Optional<Job> job(Duration atMost) {
		return join(this.job, atMost);
	}

	/**
	 * The job, for those who do not wait here.
	 * @return completes with what {@link #job()} returns or throws
	 */
	public CompletableFuture<Job> queued() {
		return this.job.copy();
	}

	/**
	 * Wait for the picture.
	 * @throws CapacityExceededException if there is no room for one more
	 * @throws AkashGenException if no job was queued, or it is not known whether one was
	 * @throws PollingException if the job brought none, saying whether it may still come
	 * @throws ImageUnavailableException if the job is done, but its picture cannot be had
	 */
	public StoredImage picture() {
		return join(this.picture);
	}

	/**
	 * Wait for the picture, but not for ever.
	 * @param atMost the longest wait
	 * @return the picture; empty if it was not there in time
	 * @throws RuntimeException as {@link #picture()} does
	 */
	public Optional<StoredImage> picture(Duration atMost) {
		return join(this.picture, atMost);
	}

	/**
	 * The picture, for those who do not wait here.
	 * @return completes with what {@link #picture()} returns or throws
	 */
	public CompletableFuture<StoredImage> end() {
		return this.picture.copy();
	}

	/**
	 * Say that a caller has been told where the picture is: who sends the same request
	 * now wants another.
	 */
	public void delivered() {
		this.delivered.run();
	}

	private static <T> Optional<T> join(CompletableFuture<T> future, Duration atMost) {
		try {
			return Optional.of(join(future.copy().orTimeout(atMost.toNanos(), TimeUnit.NANOSECONDS)));
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof TimeoutException) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	private static <T> T join(CompletableFuture<T> future) {
		try {
			return future.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

}
