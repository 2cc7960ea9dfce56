package io.github.akashgen2api.generation;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.futures.Futures;
import io.github.akashgen2api.futures.Timeouts;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobWaiter;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import io.github.akashgen2api.shutdown.ShutdownDrain;
import org.jspecify.annotations.Nullable;

/**
 * What one client holds of a job, with the client's own deadlines: a time, and a number
 * of polls. The job goes on to its end, and the image is stored, whatever becomes of the
 * client.
 */
public final class GenerationHandle implements JobWaiter {

	private final BooleanSupplier isGone;

	private final int maxAttempts;

	/** Whether the client was connected when its answer began; empty before. */
	private Optional<Boolean> isPresent = Optional.empty();

	private final CompletableFuture<Job> job = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> image = new CompletableFuture<>();

	private final AtomicReference<ShutdownDrain.@Nullable Wait> wait = new AtomicReference<>();

	private final AtomicInteger attempts = new AtomicInteger();

	private final ImageGenerationService service;

	/** Empty until the job is known. */
	private final AtomicReference<@Nullable ImageJob> joined = new AtomicReference<>();

	/**
	 * Create a handle that has not joined a job.
	 * @param isGone tells whether the client has disconnected
	 * @param maxAttempts how many polls the client waits for
	 * @param timeouts how long it waits
	 */
	GenerationHandle(ImageGenerationService service, BooleanSupplier isGone, int maxAttempts, Timeouts timeouts) {
		this.service = service;
		this.isGone = isGone;
		this.maxAttempts = maxAttempts;
		Future<?> deadline = timeouts.start(() -> onFailed(timeout()));
		var _ = this.image.whenComplete((_, _) -> deadline.cancel(false));
	}

	/**
	 * The job; empty if there was no room for it.
	 */
	public Optional<ImageJob> imageJob() {
		return Optional.ofNullable(this.joined.get());
	}

	/** The client counts as waiting at a stop of the service until then. */
	void begin(ShutdownDrain.Wait wait) {
		this.wait.set(wait);
		onEnd(wait::close);
	}

	/**
	 * The client waits no longer, but wants the image: the job is submitted, and polled
	 * as long as for a client that waits. A stop of the service is not delayed for it.
	 */
	public void detach() {
		ShutdownDrain.Wait current = this.wait.get();
		if (current != null) {
			current.close();
		}
	}

	/** Have an action run when the client waits no longer. */
	public void onEnd(Runnable action) {
		var _ = this.image.whenComplete((_, _) -> action.run());
	}

	/** The client takes part in a job. */
	void join(ImageJob job) {
		this.joined.set(job);
		if (this.image.isCompletedExceptionally()) {
			leave();
		}
	}

	/**
	 * The client is about to be answered. From now on nobody looks at its connection, as
	 * that may take the first byte of the client's next request.
	 * @return whether the client was still connected
	 */
	public synchronized boolean beginAnswer() {
		this.isPresent = Optional.of(!isGone());
		return this.isPresent.get();
	}

	/**
	 * Whether the client was connected when its answer began.
	 */
	public synchronized boolean isAnswered() {
		return this.isPresent.orElse(false);
	}

	@Override
	public synchronized boolean isGone() {
		return this.isPresent.map((present) -> !present).orElseGet(this.isGone::getAsBoolean);
	}

	@Override
	public void onSubmitted(Job job) {
		this.job.complete(job);
	}

	@Override
	public void onPolled(@Nullable JobStatus status, @Nullable AkashGenException error) {
		if (this.attempts.incrementAndGet() >= this.maxAttempts
				&& (status == null || status instanceof JobStatus.Unfinished)
				&& this.job.state() == Future.State.SUCCESS) {
			onFailed(PollingException.unfinished(this.job.resultNow().id(), "Image generation timed out", status,
					error));
		}
	}

	@Override
	public void onSucceeded() {
		this.image.complete(null);
	}

	/**
	 * The client waits no longer when it is told, since it may repeat the request at
	 * once.
	 */
	@Override
	public void onFailed(RuntimeException reason) {
		if (!this.image.isDone()) {
			leave();
			this.job.completeExceptionally(reason);
			this.image.completeExceptionally(reason);
		}
	}

	/** Tell the client that the service stops. */
	void stop() {
		onFailed(new ServiceStoppingException(
				(this.job.state() == Future.State.SUCCESS) ? this.job.resultNow().id() : null));
	}

	private RuntimeException timeout() {
		if (this.job.state() == Future.State.SUCCESS) {
			return new PollingException.JobTimeout(this.job.resultNow().id(), "Image generation timed out", null);
		}
		return queuePosition().isPresent() ? SubmitQueue.notSent()
				: new AkashGenException.Timeout("AkashGen did not queue the image in time");
	}

	/**
	 * The place in the queue of those that AkashGen has not been sent yet: 1 is next.
	 * Empty if the turn has come.
	 */
	public OptionalInt queuePosition() {
		ImageJob current = this.joined.get();
		return (current != null) ? this.service.queuePosition(current) : OptionalInt.empty();
	}

	/**
	 * Wait until the job is queued.
	 * @throws CapacityExceededException if there is no room for one more
	 * @throws AkashGenException if none was, or it is not known whether one was
	 */
	public Job awaitJob() {
		return Futures.join(this.job);
	}

	/**
	 * Wait until the job is queued, but not for ever.
	 * @param atMost the longest wait; 0 only looks
	 * @return the job; empty if it was not queued in time
	 * @throws RuntimeException as {@link #awaitJob()} does
	 */
	public Optional<Job> awaitJob(Duration atMost) {
		return Futures.isDone(this.job, atMost) ? Optional.of(awaitJob()) : Optional.empty();
	}

	/**
	 * Wait until the image is stored.
	 * @throws CapacityExceededException if there is no room for one more
	 * @throws AkashGenException if no job was queued, or it is not known whether one was
	 * @throws PollingException if there is no image, saying whether it may still come
	 * @throws ImageUnavailableException if the job is done, but its image cannot be
	 * fetched
	 */
	public void awaitImage() {
		Futures.join(this.image);
	}

	/**
	 * Wait until the image is stored, but not for ever.
	 * @param atMost the longest wait
	 * @return whether it was stored in time
	 * @throws RuntimeException as {@link #awaitImage()} does
	 */
	public boolean awaitImage(Duration atMost) {
		boolean isDone = Futures.isDone(this.image, atMost);
		if (isDone) {
			awaitImage();
		}
		return isDone;
	}

	/**
	 * Wait until the job has ended, with an image or without one, but not for ever.
	 * @param atMost the longest wait
	 * @return whether it has ended in time; the job says how
	 * @throws CapacityExceededException if there is no room for one more
	 * @throws TooMuchTextException the same
	 * @throws ServiceStoppingException if the service stops
	 */
	public boolean awaitEnd(Duration atMost) {
		try {
			return awaitImage(atMost);
		}
		catch (CapacityExceededException | TooMuchTextException | ServiceStoppingException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			return imageJob().filter((job) -> !job.state().isOpen()).isPresent();
		}
	}

	/**
	 * The client has been told where the image is: the same request starts another job.
	 */
	public void markDelivered() {
		ImageJob current = this.joined.get();
		if (current != null) {
			this.service.markDelivered(current);
		}
	}

	/**
	 * The client has disconnected. The job still runs as if the client waited.
	 */
	public void disconnect() {
		var _ = this.image.whenComplete((_, _) -> leave());
	}

	private void leave() {
		ImageJob current = this.joined.get();
		if (current != null) {
			this.service.leave(current, this);
		}
	}

}
