package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Waits for jobs. Each caller looks again and again, as often as he may; AkashGen is
 * polled once for all who look.
 */
@Service
public class PollingService {

	private static final int MAX_REMEMBERED = 10_000;

	private static final String NOT_FINISHED_YET = "Image generation is not finished yet";

	private static final String TIMED_OUT = "Image generation timed out";

	private final Followings followings;

	private final Function<JobId, JobStatus> statuses;

	private final Lookups lookups;

	private final Retry retry;

	/** For those who have a time instead of a number of attempts. */
	private final Retry patience;

	private final Duration interval;

	private final Duration followFor;

	private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

	/** What was last seen of jobs that are not followed, for an interval. */
	private final AsyncCache<JobId, JobStatus> glances;

	@Autowired
	PollingService(Followings followings, AkashGenClient akashGen, Lookups lookups, RetryRegistry retries,
			PollingSettings settings) {
		this(followings, akashGen::statusOf, lookups, retries, settings);
	}

	PollingService(Followings followings, Function<JobId, JobStatus> statuses, Lookups lookups, RetryRegistry retries,
			PollingSettings settings) {
		this.followings = followings;
		this.statuses = statuses;
		this.lookups = lookups;
		this.retry = retries.retry("polling", looksAgain(settings.maxAttempts()));
		this.patience = retries.retry("polling-in-time", looksAgain(Integer.MAX_VALUE));
		this.interval = settings.interval();
		this.followFor = settings.followFor();
		this.glances = Caffeine.newBuilder()
			.executor(this.threads)
			.maximumSize(MAX_REMEMBERED)
			.expireAfter(Expiry.<JobId, JobStatus>writing((_, status) -> memoryOf(status)))
			.buildAsync();
	}

	/** A look takes until the next poll: there is no pause, or as little as can be. */
	private static RetryConfig looksAgain(int maxAttempts) {
		return RetryConfig.<JobStatus>custom()
			.maxAttempts(maxAttempts)
			.intervalFunction((_) -> 1L)
			.retryOnResult((status) -> status instanceof JobStatus.Unfinished)
			.retryOnException((exception) -> exception instanceof AkashGenException)
			.build();
	}

	/** A finished job is remembered by its picture, which may be large, elsewhere. */
	private Duration memoryOf(JobStatus status) {
		return (status instanceof JobStatus.Succeeded) ? Duration.ZERO : this.interval;
	}

	/**
	 * Take a job as it stands, as far as known an interval ago at most, for whoever asks.
	 * @throws PollingException if there is no picture, saying whether it may still come
	 */
	public JobStatus.Succeeded check(JobId id) {
		return check(id, (unknown) -> this.lookups.asking(unknown, () -> this.statuses.apply(unknown)));
	}

	private JobStatus.Succeeded check(JobId id, Function<JobId, JobStatus> glance) {
		Optional<Following> following = this.followings.find(id);
		JobStatus status;
		try {
			status = following.map(Following::latest).orElseGet(() -> this.glances.synchronous().get(id, glance));
		}
		catch (AkashGenException ex) {
			throw new PollingException.PollTrouble(id, ex);
		}
		if (status instanceof JobStatus.Absent absent && following.isEmpty()) {
			throw new PollingException.JobUnknown(id, absent.answer());
		}
		return succeeded(id, status, NOT_FINISHED_YET);
	}

	/**
	 * How a job stands that is followed, without asking.
	 * @return what was last seen of it; empty before its first poll and after its end
	 */
	public Optional<JobStatus> lastSeen(JobId id) {
		return this.followings.find(id).flatMap(Following::seen);
	}

	/**
	 * Wait until a job has ended that AkashGen has just queued, looking at it for as long
	 * as there are attempts left. It is followed to its end whatever becomes of the
	 * caller, and for how many he waits with.
	 * @param looked is told of each look; {@code null} where AkashGen did not tell
	 * @return completes with a {@link PollingException} if there is no picture, saying
	 * whether it may still come
	 */
	public CompletableFuture<JobStatus.Succeeded> await(JobId id, Consumer<@Nullable JobStatus> looked) {
		Seat seat = this.followings.join(id, true);
		return this.retry
			.executeCompletionStage(this.followings.clock(),
					() -> seat.look().whenComplete((status, _) -> looked.accept(status)))
			.whenComplete((_, _) -> seat.close())
			.exceptionally((failure) -> {
				throw (cause(failure) instanceof AkashGenException ex) ? new PollingException.PollTrouble(id, ex)
						: new CompletionException(cause(failure));
			})
			.thenApply((status) -> succeeded(id, status, TIMED_OUT))
			.toCompletableFuture();
	}

	private static @Nullable Throwable cause(Throwable failure) {
		return (failure instanceof CompletionException) ? failure.getCause() : failure;
	}

	/**
	 * Wait until a job has ended that AkashGen may not know, however many looks that
	 * takes.
	 * @param atMost the longest wait
	 * @throws PollingException if there is no picture, saying whether it may still come
	 */
	public JobStatus.Succeeded await(JobId id, Duration atMost) {
		long deadline = System.nanoTime() + atMost.toNanos();
		boolean isKnown = this.followings.find(id).filter((following) -> !following.isDoubtful()).isPresent();
		return isKnown ? awaitUntil(id, deadline) : this.lookups.waiting(id, () -> awaitUntil(id, deadline));
	}

	private JobStatus.Succeeded awaitUntil(JobId id, long deadline) {
		if (this.followings.find(id).isEmpty()) {
			this.lookups.count(id);
		}
		try (Seat seat = this.followings.join(id, false)) {
			return succeeded(id, this.patience.executeSupplier(() -> look(seat, deadline)), NOT_FINISHED_YET);
		}
	}

	private static JobStatus look(Seat seat, long deadline) {
		Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
		return seat.look(left).orElseThrow(() -> notFinishedYet(seat.following()));
	}

	private static PollingException notFinishedYet(Following following) {
		AkashGenException trouble = following.trouble();
		if (trouble != null) {
			return new PollingException.PollTrouble(following.id(), trouble);
		}
		return new PollingException.JobTimeout(following.id(), NOT_FINISHED_YET,
				following.seen().map(JobStatus::answer).orElse(null));
	}

	/**
	 * How long a job is followed whether or not anybody waits for it.
	 */
	public Duration followFor() {
		return this.followFor;
	}

	/**
	 * How a job that is followed comes to its end, however long after its callers' last
	 * looks. One that has ended since is looked at once more.
	 * @return completes when the job has ended, with a {@code PollingException} where it
	 * brings no picture
	 */
	public CompletableFuture<JobStatus.Succeeded> end(JobId id) {
		return this.followings.find(id)
			.map((following) -> following.end().thenApply((status) -> succeeded(id, status, TIMED_OUT)))
			.orElseGet(() -> CompletableFuture.supplyAsync(() -> check(id, this.statuses), this.threads));
	}

	private static JobStatus.Succeeded succeeded(JobId id, JobStatus status, String ifUnfinished) {
		return switch (status) {
			case JobStatus.Succeeded succeeded -> succeeded;
			case JobStatus.Failed failed -> throw new PollingException.JobFailed(id, failed.reason(), failed.answer());
			case JobStatus.Unrecognised unrecognised ->
				throw PollingException.JobTimeout.unrecognised(id, unrecognised.word(), unrecognised.answer());
			case JobStatus.Unfinished unfinished ->
				throw new PollingException.JobTimeout(id, ifUnfinished, unfinished.answer());
		};
	}

}
