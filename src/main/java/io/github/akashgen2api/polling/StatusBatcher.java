package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.futures.Futures;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Joins the questions that several threads ask at the same time into one request to
 * AkashGen. A thread that asks while nobody else does is not delayed.
 * <p>
 * What AkashGen does with an unknown id among others is not documented, so an error
 * response to several ids says nothing about any of them: then each thread asks for its
 * job alone. After three such responses in a row, jobs are asked for alone for a while.
 */
@Component
class StatusBatcher {

	private static final Logger logger = LoggerFactory.getLogger(StatusBatcher.class);

	private static final int REFUSALS_IN_A_ROW = 3;

	private final Function<JobId, JobStatus> single;

	private final Function<List<JobId>, Map<JobId, JobStatus>> several;

	private final int batchSize;

	private final Duration batchWindow;

	private final CircuitBreaker batching;

	/** The batch that questions may still join; changed under the lock of this object. */
	private final AtomicReference<@Nullable Batch> open = new AtomicReference<>();

	/** When the last request began, in nanoseconds. */
	private final AtomicLong lastRequest = new AtomicLong(System.nanoTime());

	@Autowired
	StatusBatcher(AkashGenClient akashGen, PollingProperties properties) {
		this(akashGen::statusOf, akashGen::statusesOf, properties);
	}

	/**
	 * Create a batcher.
	 * @param single asks for one job
	 * @param several asks for several; leaves out those that AkashGen did not mention
	 */
	StatusBatcher(Function<JobId, JobStatus> single, Function<List<JobId>, Map<JobId, JobStatus>> several,
			PollingProperties properties) {
		this.single = single;
		this.several = several;
		this.batchSize = properties.batchSize();
		this.batchWindow = properties.batchWindow();
		this.batching = CircuitBreaker.of("status-batches",
				CircuitBreakerConfig.custom()
					.slidingWindowSize(REFUSALS_IN_A_ROW)
					.minimumNumberOfCalls(REFUSALS_IN_A_ROW)
					.failureRateThreshold(100)
					.waitDurationInOpenState(properties.batchPause())
					.permittedNumberOfCallsInHalfOpenState(1)
					.recordException(StatusBatcher::isRefusal)
					.ignoreException((exception) -> !isRefusal(exception))
					.build());
		this.batching.getEventPublisher()
			.onStateTransition(
					(event) -> logger.info("Asking AkashGen for several jobs at once: {}", event.getStateTransition()));
	}

	/** AkashGen has answered, but not what was asked. */
	private static boolean isRefusal(Throwable exception) {
		return exception instanceof AkashGenException ex && ex.answer() != null;
	}

	/**
	 * Ask where a job stands. Blocks until AkashGen has answered.
	 * @throws AkashGenException if AkashGen does not tell
	 */
	JobStatus statusOf(JobId id) {
		Batch batch;
		boolean isFirst;
		synchronized (this) {
			Batch joined = this.open.get();
			isFirst = joined == null;
			batch = (joined != null) ? joined : new Batch();
			batch.ids.add(id);
			this.open.set((batch.ids.size() < this.batchSize) ? batch : null);
		}
		if (batch.ids.size() >= this.batchSize) {
			batch.isFull.countDown();
		}
		if (isFirst) {
			send(batch);
		}
		JobStatus status = batch.statusOf(id);
		return (status != null) ? status : statusOfAlone(id);
	}

	/**
	 * The same in a request for this job only.
	 */
	JobStatus statusOfAlone(JobId id) {
		return this.single.apply(id);
	}

	/** By the thread that has begun the batch; the others wait. */
	private void send(Batch batch) {
		try {
			batch.isFull.await(untilNextRequest(), TimeUnit.NANOSECONDS);
			List<JobId> ids = close(batch);
			batch.statuses
				.complete((ids.size() == 1) ? Map.of(ids.getFirst(), statusOfAlone(ids.getFirst())) : statusesOf(ids));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			close(batch);
			// The others ask for themselves.
			batch.statuses.complete(Map.of());
		}
		catch (RuntimeException | Error ex) {
			batch.statuses.completeExceptionally(ex);
		}
	}

	private long untilNextRequest() {
		return this.lastRequest.get() + this.batchWindow.toNanos() - System.nanoTime();
	}

	private synchronized List<JobId> close(Batch batch) {
		this.open.compareAndSet(batch, null);
		this.lastRequest.set(System.nanoTime());
		return batch.ids;
	}

	private Map<JobId, JobStatus> statusesOf(List<JobId> ids) {
		try {
			return this.batching.executeSupplier(() -> this.several.apply(ids));
		}
		catch (CallNotPermittedException ex) {
			return Map.of();
		}
		catch (AkashGenException ex) {
			if (isRefusal(ex)) {
				return Map.of();
			}
			throw ex;
		}
		catch (Error ex) {
			// Resilience4j does not see it, and would wait for the end of a trial for
			// ever.
			this.batching.releasePermission();
			throw ex;
		}
	}

	/**
	 * The questions of one request. The ids are changed under the batcher's lock, until
	 * the batch is closed.
	 */
	private static final class Batch {

		private final List<JobId> ids = new ArrayList<>();

		private final CountDownLatch isFull = new CountDownLatch(1);

		private final CompletableFuture<Map<JobId, JobStatus>> statuses = new CompletableFuture<>();

		/**
		 * {@code null} if AkashGen did not mention the job, or refused to tell of
		 * several.
		 */
		@Nullable JobStatus statusOf(JobId id) {
			return Futures.join(this.statuses).get(id);
		}

	}

}
