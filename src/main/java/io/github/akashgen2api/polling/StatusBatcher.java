package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks AkashGen where jobs stand: for many in one request, and for each alone where that
 * does not work. Nobody outside knows what it does with one unknown id among many, so a
 * refusal says nothing of any of them; after several in a row it is not asked for many
 * for a while.
 */
final class StatusBatcher {

	private static final Logger logger = LoggerFactory.getLogger(StatusBatcher.class);

	private static final int REFUSALS_IN_A_ROW = 3;

	private final Function<JobId, JobStatus> alone;

	private final Function<List<JobId>, Map<JobId, JobStatus>> together;

	private final Executor threads;

	private final CircuitBreaker batching;

	/**
	 * Prepare to ask.
	 * @param name which polls these are, for the log
	 * @param alone asks for one job
	 * @param together asks for several; leaves out those that AkashGen did not speak of
	 * @param pause how long each job is asked for alone after repeated refusals
	 */
	StatusBatcher(String name, Function<JobId, JobStatus> alone, Function<List<JobId>, Map<JobId, JobStatus>> together,
			Duration pause, Executor threads) {
		this.alone = alone;
		this.together = together;
		this.threads = threads;
		this.batching = CircuitBreaker.of(name,
				CircuitBreakerConfig.custom()
					.slidingWindowSize(REFUSALS_IN_A_ROW)
					.minimumNumberOfCalls(REFUSALS_IN_A_ROW)
					.failureRateThreshold(100)
					.waitDurationInOpenState(pause)
					.permittedNumberOfCallsInHalfOpenState(1)
					.recordException(StatusBatcher::isRefusal)
					.ignoreException((exception) -> !isRefusal(exception))
					.build());
		this.batching.getEventPublisher()
			.onStateTransition(
					(event) -> logger.info("Asking for many jobs at once ({}): {}", name, event.getStateTransition()));
	}

	/** AkashGen has answered, but not what was asked. */
	private static boolean isRefusal(Throwable exception) {
		return exception instanceof AkashGenException ex && ex.answer() != null;
	}

	/**
	 * Ask where jobs stand, and let them know.
	 */
	void ask(List<Following> jobs) {
		if (jobs.size() == 1) {
			ask(jobs.getFirst());
			return;
		}
		try {
			Map<JobId, JobStatus> statuses = together(jobs.stream().map(Following::id).toList());
			for (Following job : jobs) {
				JobStatus status = statuses.get(job.id());
				if (status != null) {
					job.saw(status);
				}
				else {
					this.threads.execute(() -> ask(job));
				}
			}
		}
		catch (AkashGenException ex) {
			jobs.forEach((job) -> job.lost(ex));
		}
		catch (RuntimeException | Error ex) {
			jobs.forEach((job) -> job.end(ex));
		}
	}

	private Map<JobId, JobStatus> together(List<JobId> ids) {
		try {
			return this.batching.executeSupplier(() -> this.together.apply(ids));
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

	private void ask(Following job) {
		try {
			job.saw(this.alone.apply(job.id()));
		}
		catch (AkashGenException ex) {
			job.lost(ex);
		}
		catch (PollingException.TooManyLookups ex) {
			job.refused(ex);
		}
		catch (RuntimeException | Error ex) {
			job.end(ex);
		}
	}

}
