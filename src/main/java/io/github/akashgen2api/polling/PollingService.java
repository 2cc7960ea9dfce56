package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;

import org.springframework.stereotype.Service;

/**
 * Waits for jobs. Resilience4j's {@link Retry} is the loop: an attempt is a poll, and its
 * interval is the poll interval.
 */
@Service
public class PollingService implements AutoCloseable {

	private static final String NOT_FINISHED_YET = "Image generation is not finished yet";

	private static final String TIMED_OUT = "Image generation timed out";

	/** Of jobs that are polled at the same time. */
	private static final int MAX_GROUPS = 10;

	private final StatusBatcher statuses;

	private final LookupLimiter lookups;

	private final StatusCache lookedUp;

	private final PollingProperties properties;

	private final Retry retry;

	private final long start = System.nanoTime();

	private final AtomicBoolean isStopping = new AtomicBoolean();

	private final Map<JobId, PolledJob> polled = new ConcurrentHashMap<>();

	/** The ids of jobs that are never to be asked for again. */
	private final Set<JobId> givenUp = ConcurrentHashMap.newKeySet();

	PollingService(StatusBatcher statuses, LookupLimiter lookups, RetryRegistry retries, PollingProperties properties) {
		this.statuses = statuses;
		this.lookups = lookups;
		this.properties = properties;
		this.lookedUp = new StatusCache(properties.interval());
		this.retry = retries.retry("polling",
				RetryConfig.<JobStatus>custom()
					.maxAttempts(Integer.MAX_VALUE)
					.intervalFunction((_) -> untilNextTick())
					.retryOnResult((status) -> status instanceof JobStatus.Unfinished)
					.retryOnException((exception) -> exception instanceof AkashGenException)
					.build());
	}

	/**
	 * In milliseconds. Jobs are polled at the same times, so that one request asks for
	 * many. Where they fill several requests, these are spread over the interval, as
	 * finished images are fetched at once. At least half an interval lies between two
	 * polls of a job.
	 */
	private long untilNextTick() {
		long interval = this.properties.interval().toNanos();
		int groups = Math.clamp(this.polled.size() / this.properties.batchSize(), 1, MAX_GROUPS);
		// Each job has its own thread.
		long tick = this.start + interval * (Thread.currentThread().threadId() % groups) / groups;
		long pause = interval - (System.nanoTime() - tick + interval) % interval;
		return Math.max(1, Duration.ofNanos((pause < interval / 2) ? pause + interval : pause).toMillis());
	}

	/**
	 * Wait until a job has ended that this service has submitted. Blocks for as long as a
	 * client waits, and {@code FOLLOW_FOR} longer.
	 * @param listener is told of each poll
	 * @throws PollingException if there is no image, saying whether it may still come
	 */
	public JobStatus.Succeeded await(JobId id, PollListener listener) {
		return await(new PolledJob(id, listener, false));
	}

	/**
	 * The same for a job of the last process, whose first poll is for this job only.
	 */
	public JobStatus.Succeeded resume(JobId id, PollListener listener) {
		return await(new PolledJob(id, listener, true));
	}

	private JobStatus.Succeeded await(PolledJob job) {
		this.polled.put(job.id(), job);
		try {
			JobStatus end = this.retry.executeSupplier(() -> poll(job));
			this.polled.remove(job.id(), job);
			job.complete(end);
			return succeeded(job.id(), end, TIMED_OUT);
		}
		catch (RuntimeException | Error ex) {
			this.polled.remove(job.id(), job);
			job.completeExceptionally(ex);
			throw ex;
		}
	}

	private JobStatus poll(PolledJob job) {
		if (this.isStopping.get() || job.isOver(followNow())) {
			throw job.unfinished(TIMED_OUT);
		}
		try {
			JobStatus status = job.isAlone() ? this.statuses.statusOfAlone(job.id()) : this.statuses.statusOf(job.id());
			job.onStatus(status);
			return status;
		}
		catch (AkashGenException ex) {
			job.onError(ex);
			throw ex;
		}
	}

	/** While memory is short, jobs are polled only for clients that wait. */
	private Duration followNow() {
		return (this.polled.size() > this.properties.mostFollowed()) ? Duration.ZERO : this.properties.followFor();
	}

	/**
	 * How many polls a client waits for, the first included.
	 */
	public int maxAttempts() {
		return this.properties.maxAttempts();
	}

	/**
	 * How long a job is polled after the last client has left.
	 */
	public Duration followFor() {
		return this.properties.followFor();
	}

	/**
	 * Never ask for a job again.
	 */
	public void giveUp(JobId id) {
		this.givenUp.add(id);
	}

	private void refuseIfGivenUp(JobId id) {
		if (this.givenUp.contains(id)) {
			throw new PollingException.JobGivenUp(id);
		}
	}

	/**
	 * Where a job stands that is polled, without asking AkashGen.
	 * @return the result of the last poll; empty before the first one, and after the end
	 */
	public Optional<JobStatus> lastSeen(JobId id) {
		return Optional.ofNullable(this.polled.get(id)).flatMap(PolledJob::seen);
	}

	/**
	 * Look a job up that this service may not have submitted. The answer may be as old as
	 * the poll interval; where AkashGen does not know the job or does not tell, older
	 * each time.
	 * @throws PollingException if there is no image, saying whether it may still come
	 */
	public JobStatus.Succeeded check(JobId id) {
		refuseIfGivenUp(id);
		PolledJob job = this.polled.get(id);
		JobStatus status;
		try {
			status = (job != null) ? job.latest() : this.lookedUp.statusOf(id, this::lookUp);
		}
		catch (AkashGenException ex) {
			throw new PollingException.PollError(id, ex);
		}
		if (status instanceof JobStatus.Absent absent && job == null) {
			throw new PollingException.JobUnknown(id, absent.answer());
		}
		return succeeded(id, status, NOT_FINISHED_YET);
	}

	/**
	 * Wait until a job has ended that this service may not have submitted, however many
	 * polls that takes.
	 * @param atMost the longest wait
	 * @throws PollingException if there is no image, saying whether it may still come
	 */
	public JobStatus.Succeeded await(JobId id, Duration atMost) {
		refuseIfGivenUp(id);
		PolledJob job = this.polled.get(id);
		JobStatus end = (job != null) ? job.await(atMost, NOT_FINISHED_YET)
				: this.lookups.waiting(id, () -> awaitLookedUp(id, System.nanoTime() + atMost.toNanos()));
		return succeeded(id, end, NOT_FINISHED_YET);
	}

	private JobStatus awaitLookedUp(JobId id, long deadline) {
		LookupWait job = new LookupWait(id, deadline, NOT_FINISHED_YET);
		return Retry
			.of("lookup", RetryConfig.<JobStatus>custom()
				.maxAttempts(Integer.MAX_VALUE)
				.intervalFunction((_) -> Math.max(1, Math.min(job.millisLeft(), this.properties.interval().toMillis())))
				.retryOnResult((status) -> status instanceof JobStatus.Unfinished)
				.retryOnException(job::isWorthAnotherLookup)
				.build())
			.executeSupplier(() -> job.lookUp((left) -> this.lookedUp.statusOf(id, this::lookUp, left)));
	}

	private JobStatus lookUp(JobId id) {
		return this.lookups.asking(id, () -> this.statuses.statusOfAlone(id));
	}

	private static JobStatus.Succeeded succeeded(JobId id, JobStatus status, String ifUnfinished) {
		return switch (status) {
			case JobStatus.Succeeded succeeded -> succeeded;
			case JobStatus.Failed failed -> throw new PollingException.JobFailed(id, failed.reason(), failed.answer());
			case JobStatus.Unfinished _ -> throw PollingException.unfinished(id, ifUnfinished, status, null);
		};
	}

	/** Jobs are not polled any longer: each ends instead of its next poll. */
	@Override
	public void close() {
		this.isStopping.set(true);
	}

}
