package io.github.akashgen2api.generation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.budget.FairBudget;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.futures.Timeouts;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.jobs.IdempotencyKeyReusedException;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobDeletedException;
import io.github.akashgen2api.jobs.JobError;
import io.github.akashgen2api.jobs.JobRegistry;
import io.github.akashgen2api.jobs.JobRequest;
import io.github.akashgen2api.jobs.JobWaiter;
import io.github.akashgen2api.polling.PollListener;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import io.github.akashgen2api.shutdown.ShutdownDrain;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Service;

/**
 * Words in, image out. A virtual thread for each job submits it, waits for its end, and
 * fetches the image into the store; clients wait for the job as long as they want.
 */
@Service
public class ImageGenerationService implements SmartInitializingSingleton, AutoCloseable {

	private final JobRegistry registry;

	private final SubmitQueue submits;

	private final PollingService polling;

	private final ImageService images;

	private final JobRestorer restorer;

	private final JobLog log;

	private final JobErrorMapper errors;

	private final ShutdownDrain drain;

	private final InstantSource clock;

	private final FairBudget waits;

	/** Of clients. */
	private final Timeouts timeouts;

	private final Retry fetches;

	/** The places of jobs in the queue of submits, by the ids of the jobs. */
	private final Map<String, SubmitQueue.Place> places = new ConcurrentHashMap<>();

	/** A job that ends then has not come to its end: the next process resumes it. */
	private final AtomicBoolean isStopping = new AtomicBoolean();

	private final Executor threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("job-", 0).factory());

	ImageGenerationService(JobRegistry registry, SubmitQueue submits, PollingService polling, ImageService images,
			JobRestorer restorer, JobLog log, JobErrorMapper errors, ShutdownDrain drain,
			GenerationProperties properties, InstantSource clock) {
		this.registry = registry;
		this.submits = submits;
		this.polling = polling;
		this.images = images;
		this.restorer = restorer;
		this.log = log;
		this.errors = errors;
		this.drain = drain;
		this.clock = clock;
		this.waits = new FairBudget(properties.mostWaiting());
		this.timeouts = new Timeouts("answer-timeouts", properties.answerWithin());
		this.fetches = Retry.of("fetch",
				RetryConfig.custom()
					.maxAttempts(attemptsWithin(polling.followFor(), properties.lostPause()))
					.intervalFunction(IntervalFunction.ofExponentialBackoff(properties.lostPause(), 2))
					.retryOnException(ImageGenerationService::mayBeFetchedLater)
					.build());
	}

	/** The pauses double: n of them take 2^n - 1 times as long as the first. */
	private static int attemptsWithin(Duration time, Duration firstPause) {
		return 64 - Long.numberOfLeadingZeros(time.dividedBy(firstPause) + 1);
	}

	private static boolean mayBeFetchedLater(Throwable failure) {
		return failure instanceof ImageUnavailableException ex
				&& !(ex.reason() instanceof AkashGenException.InvalidImage);
	}

	/**
	 * Have an image generated and stored; or join the job that the client started with
	 * the same request before. Does not wait.
	 * @param isGone tells whether the client has disconnected
	 * @return the handle of the job; it has failed with a
	 * {@link CapacityExceededException} or a {@link TooMuchTextException} if there is no
	 * room for one more
	 * @throws IdempotencyKeyReusedException if the key was used for another request
	 */
	public GenerationHandle begin(JobRequest request, BooleanSupplier isGone) {
		String key = request.identity().key();
		GenerationHandle handle = new GenerationHandle(this, isGone, this.polling.maxAttempts(), this.timeouts);
		if (!this.waits.tryAcquire(key, 1)) {
			handle.onFailed(new CapacityExceededException.TooManyWaits());
			return handle;
		}
		handle.begin(this.drain.watch(handle::stop));
		handle.onEnd(() -> this.waits.release(key, 1));
		try {
			ImageJob job = this.registry.getOrStart(request, handle);
			handle.join(job);
			start(job);
			Job upstream = job.upstream();
			if (upstream != null) {
				handle.onSubmitted(upstream);
			}
			return handle;
		}
		catch (RuntimeException ex) {
			handle.onFailed(ex);
			throw ex;
		}
	}

	/**
	 * Watch a job, for {@code ANSWER_WITHIN} at most. Counts as a client that waits,
	 * until it is closed.
	 * @throws CapacityExceededException if there is no room for one more
	 */
	public JobWatch watch(ImageJob job) {
		if (!this.waits.tryAcquire(job.key(), 1)) {
			throw new CapacityExceededException.TooManyWaits();
		}
		JobWatch watch = new JobWatch(this, job);
		watch.begin(this.drain.watch(watch::stop), this.timeouts.start(watch::expire));
		return watch;
	}

	void end(ImageJob job, JobWatch watch) {
		this.registry.leave(job, watch);
		this.waits.release(job.key(), 1);
	}

	/**
	 * Forget a job and its image, which AkashGen may still paint. Clients that wait for
	 * it are told with a {@link JobDeletedException}.
	 * @throws ImageStorageException if the image cannot be removed
	 */
	public void delete(ImageJob job) {
		JobDeletedException reason = new JobDeletedException();
		List<JobWaiter> waiters = this.registry.forget(job, this.errors.jobError(reason));
		SubmitQueue.Place place = this.places.get(job.id());
		if (place != null) {
			place.leaveIfAbandoned();
		}
		waiters.forEach((waiter) -> waiter.onFailed(reason));
		deleteImage(job);
	}

	private void deleteImage(ImageJob job) {
		Job upstream = job.upstream();
		if (upstream != null) {
			this.images.delete(upstream.id());
		}
	}

	private static void refuseIfDeleted(ImageJob job) {
		if (job.isDeleted()) {
			throw new JobDeletedException();
		}
	}

	private void start(ImageJob job) {
		if (!job.startRunning()) {
			return;
		}
		Job upstream = job.upstream();
		if (upstream != null && job.isGivenUp()) {
			complete(job, new PollingException.JobGivenUp(upstream.id()));
		}
		else if (upstream == null && job.state() != ImageJob.State.WAITING) {
			complete(job, new OutcomeUnknownException());
		}
		else if (upstream != null) {
			this.threads.execute(() -> run(job, upstream, new CompletableFuture<>()));
		}
		else {
			enqueue(job, () -> job.isDeleted() || this.registry.abandonUnlessWanted(job));
		}
	}

	private void enqueue(ImageJob job, BooleanSupplier isAbandoned) {
		try {
			SubmitQueue.Place place = this.submits.join(job.key(), job.conversation(), isAbandoned);
			this.places.put(job.id(), place);
			if (place.hasWaited()) {
				this.registry.waiting(job);
			}
			this.threads.execute(() -> run(job, place));
		}
		catch (CapacityExceededException | TooMuchTextException ex) {
			complete(job, ex);
		}
	}

	private void run(ImageJob job, SubmitQueue.Place place) {
		try {
			Job upstream = place.submit(() -> this.registry.submitting(job));
			this.registry.submitted(job, upstream);
			this.places.remove(job.id());
			refuseIfDeleted(job);
			job.waiters().forEach((waiter) -> waiter.onSubmitted(upstream));
			awaitAndFetch(job, upstream.id(), () -> this.polling.await(upstream.id(), listener(job, null)));
			complete(job, null);
		}
		catch (RuntimeException | Error ex) {
			complete(job, ex);
		}
		finally {
			this.places.remove(job.id());
		}
	}

	/**
	 * Resume a job that was submitted before.
	 * @param polled is completed when AkashGen was asked, or need not be
	 */
	private void run(ImageJob job, Job upstream, CompletableFuture<@Nullable Void> polled) {
		try {
			if (this.images.find(upstream.id()).isEmpty()) {
				awaitAndFetch(job, upstream.id(), () -> this.polling.resume(upstream.id(), listener(job, polled)));
			}
			complete(job, null);
		}
		catch (RuntimeException | Error ex) {
			complete(job, ex);
		}
		finally {
			polled.complete(null);
		}
	}

	/** An image that cannot be fetched is tried again later, when nobody waits for it. */
	private void awaitAndFetch(ImageJob job, JobId id, Supplier<JobStatus.Succeeded> end) {
		this.fetches.executeRunnable(() -> {
			JobStatus.Succeeded succeeded = end.get();
			try {
				this.images.fetch(id, succeeded.location());
			}
			catch (ImageUnavailableException ex) {
				job.notifyFailed(ex);
				throw ex;
			}
		});
	}

	private PollListener listener(ImageJob job, @Nullable CompletableFuture<@Nullable Void> polled) {
		return new PollListener() {

			@Override
			public void onPolled(@Nullable JobStatus status, @Nullable AkashGenException error) {
				job.polled(status, ImageGenerationService.this.clock.instant());
				job.notifyPolled(status, error);
				if (polled != null) {
					polled.complete(null);
				}
				refuseIfDeleted(job);
			}

			@Override
			public boolean isWaitedFor() {
				return job.hasWaiters();
			}

		};
	}

	/**
	 * The outcome is recorded before a client is told, since it may repeat the request at
	 * once.
	 */
	private void complete(ImageJob job, @Nullable Throwable failure) {
		if (this.isStopping.get()) {
			return;
		}
		if (job.isDeleted()) {
			end(job, new JobDeletedException());
			// It may have come with AkashGen's last answer.
			deleteImage(job);
		}
		else {
			end(job, failure);
		}
	}

	private void end(ImageJob job, @Nullable Throwable reason) {
		if (job.markLogged()) {
			this.log.ended(job, reason, this.clock.instant());
		}
		for (JobWaiter waiter : record(job, reason)) {
			switch (reason) {
				case null -> waiter.onSucceeded();
				case RuntimeException ex -> waiter.onFailed(ex);
				default -> waiter.onFailed(new IllegalStateException(reason));
			}
		}
	}

	private List<JobWaiter> record(ImageJob job, @Nullable Throwable failure) {
		if (failure == null) {
			return this.registry.complete(job, ImageJob.State.SUCCEEDED, null);
		}
		JobError error = this.errors.jobError(failure);
		if (job.upstream() != null || failure instanceof OutcomeUnknownException) {
			return this.registry.complete(job, state(failure), error);
		}
		return switch (failure) {
			case CapacityExceededException _, TooMuchTextException _ -> this.registry.refuse(job, error);
			default -> this.registry.discard(job, error);
		};
	}

	private static ImageJob.State state(Throwable failure) {
		return switch (failure) {
			case PollingException.JobFailed _, PollingException.JobUnknown _, PollingException.JobGivenUp _,
					PollingException.ImageMissing _, OutcomeUnknownException _ ->
				ImageJob.State.FAILED;
			case ImageUnavailableException ex when ex.reason() instanceof AkashGenException.InvalidImage ->
				ImageJob.State.FAILED;
			default -> ImageJob.State.LOST;
		};
	}

	/**
	 * Resume the jobs of the last process, before the first client is let in: it may
	 * repeat a request of then.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.registry.restore(this::restore);
	}

	private void restore(ImageJob job) {
		Job upstream = job.upstream();
		if (upstream != null && job.isGivenUp()) {
			this.polling.giveUp(upstream.id());
		}
		if (!job.state().isOpen() || !job.startRunning()) {
			return;
		}
		if (upstream != null && job.isGivenUp()) {
			complete(job, new PollingException.JobGivenUp(upstream.id()));
		}
		else if (upstream != null) {
			this.restorer.resumeInTurn(job, (polled) -> this.threads.execute(() -> run(job, upstream, polled)));
		}
		else if (job.state() == ImageJob.State.SUBMITTING) {
			complete(job, new OutcomeUnknownException());
		}
		else if (job.conversation().messages().isEmpty()) {
			// It was too long to be stored, so the client has to send it again.
			complete(job, SubmitQueue.notSent());
		}
		else {
			enqueue(job, job::isDeleted);
		}
	}

	/**
	 * The place of a job in the queue of those that AkashGen has not been sent yet: 1 is
	 * next. Empty if the turn has come.
	 */
	public OptionalInt queuePosition(ImageJob job) {
		SubmitQueue.Place place = this.places.get(job.id());
		return (place != null) ? place.position() : OptionalInt.empty();
	}

	void markDelivered(ImageJob job) {
		this.registry.deliver(job);
	}

	void leave(ImageJob job, JobWaiter waiter) {
		this.registry.leave(job, waiter);
		SubmitQueue.Place place = this.places.get(job.id());
		if (place != null) {
			place.leaveIfAbandoned();
		}
	}

	@Override
	public void close() {
		this.isStopping.set(true);
		this.timeouts.close();
	}

}
