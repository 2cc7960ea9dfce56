package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Waits for jobs. However many wait for one job, AkashGen is polled for it by one of
 * them.
 */
@Service
public class PollingService {

	private static final int MAX_REMEMBERED = 10_000;

	private final Function<JobId, JobStatus> statuses;

	private final Retry retry;

	private final Duration interval;

	/** What was last seen of a job, for an interval. */
	private final AsyncLoadingCache<JobId, JobStatus> latest;

	/** What was last seen of the jobs that are followed now. */
	private final Map<JobId, JobStatus> seen = new ConcurrentHashMap<>();

	/** The jobs that are followed now. */
	private final AsyncLoadingCache<JobId, JobStatus.Succeeded> followed;

	@Autowired
	PollingService(AkashGenClient akashGen, RetryRegistry retries, PollingSettings settings) {
		this(akashGen::statusOf, retries, settings);
	}

	PollingService(Function<JobId, JobStatus> statuses, RetryRegistry retries, PollingSettings settings) {
		this.statuses = statuses;
		this.retry = retries.retry("polling", asksAgain(settings));
		this.interval = settings.interval();
		Executor threads = Executors.newVirtualThreadPerTaskExecutor();
		this.latest = Caffeine.newBuilder()
			.executor(threads)
			.maximumSize(MAX_REMEMBERED)
			.expireAfter(Expiry.<JobId, JobStatus>writing((_, status) -> memoryOf(status)))
			.buildAsync(statuses::apply);
		this.followed = Caffeine.newBuilder()
			.executor(threads)
			.expireAfterWrite(Duration.ZERO)
			.buildAsync(this::follow);
	}

	private static RetryConfig asksAgain(PollingSettings settings) {
		return RetryConfig.<JobStatus>custom()
			.maxAttempts(settings.maxAttempts())
			.waitDuration(settings.interval())
			.retryOnResult((status) -> status instanceof JobStatus.Unfinished)
			.retryOnException((exception) -> exception instanceof AkashGenException)
			.build();
	}

	/** A finished job is remembered by its picture, which may be large, elsewhere. */
	private Duration memoryOf(JobStatus status) {
		return (status instanceof JobStatus.Succeeded) ? Duration.ZERO : this.interval;
	}

	/**
	 * Take a job as it stands, as far as known an interval ago at most.
	 * @throws PollingException if there is no picture, saying whether it may still come
	 */
	public JobStatus.Succeeded check(JobId id) {
		JobStatus status;
		try {
			status = this.latest.synchronous().get(id);
		}
		catch (AkashGenException ex) {
			throw new PollingException.PollTrouble(id, ex);
		}
		boolean mayAppear = this.followed.getIfPresent(id) != null;
		if (status instanceof JobStatus.Absent absent && !mayAppear) {
			throw new PollingException.JobUnknown(id, absent.answer());
		}
		return succeeded(id, status, "Image generation is not finished yet");
	}

	/**
	 * How a job stands that is waited for, without asking.
	 * @return what was last seen of it; empty before its first poll and after its end
	 */
	public Optional<JobStatus> lastSeen(JobId id) {
		return Optional.ofNullable(this.seen.get(id));
	}

	/**
	 * Wait until the job has ended, polling for as long as there are attempts left.
	 * <p>
	 * Blocks the caller; the job is followed to its end whatever becomes of him.
	 * @throws PollingException if there is no picture, saying whether it may still come
	 */
	public JobStatus.Succeeded await(JobId id) {
		return this.followed.synchronous().get(id);
	}

	/**
	 * Wait until the job has ended, however many attempts that takes.
	 * @param atMost the longest wait
	 * @throws PollingException if there is no picture, saying whether it may still come
	 */
	public JobStatus.Succeeded await(JobId id, Duration atMost) {
		long deadline = System.nanoTime() + atMost.toNanos();
		while (true) {
			try {
				return await(id, deadline);
			}
			catch (PollingException.JobTimeout | PollingException.PollTrouble ex) {
				if (deadline - System.nanoTime() <= this.interval.toNanos()) {
					throw ex;
				}
				pause();
			}
		}
	}

	private JobStatus.Succeeded await(JobId id, long deadline) {
		long nanos = Math.max(0, deadline - System.nanoTime());
		try {
			return this.followed.get(id).copy().orTimeout(nanos, TimeUnit.NANOSECONDS).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof TimeoutException) {
				throw new PollingException.JobTimeout(id, "Image generation is not finished yet", null);
			}
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	private void pause() {
		try {
			Thread.sleep(this.interval);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CompletionException(ex);
		}
	}

	private JobStatus.Succeeded follow(JobId id) {
		Watch watch = new Watch(this.statuses, id);
		JobStatus last;
		try {
			last = this.retry.executeSupplier(() -> {
				JobStatus status = watch.look();
				this.latest.synchronous().put(id, status);
				this.seen.put(id, status);
				return status;
			});
		}
		catch (AkashGenException ex) {
			throw new PollingException.PollTrouble(id, ex);
		}
		finally {
			this.seen.remove(id);
		}
		return succeeded(id, last, "Image generation timed out");
	}

	private static JobStatus.Succeeded succeeded(JobId id, JobStatus status, String ifUnfinished) {
		return switch (status) {
			case JobStatus.Succeeded succeeded -> succeeded;
			case JobStatus.Failed failed -> throw new PollingException.JobFailed(id, failed.reason(), failed.answer());
			case JobStatus.Unrecognised unrecognised -> throw new PollingException.JobTimeout(id,
					"AkashGen last called the job '" + unrecognised.word() + "', which this service does not know",
					unrecognised.answer());
			case JobStatus.Unfinished unfinished ->
				throw new PollingException.JobTimeout(id, ifUnfinished, unfinished.answer());
		};
	}

}
