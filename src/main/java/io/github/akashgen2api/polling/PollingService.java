package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

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

	private static final String NOT_FINISHED_YET = "Image generation is not finished yet";

	private static final String TIMED_OUT = "Image generation timed out";

	private final Followings followings;

	private final Function<JobId, JobStatus> statuses;

	private final LookupLimiter lookups;

	private final Retry retry;

	/** For those who have a time instead of a number of attempts. */
	private final Retry patience;

	private final Duration followFor;

	private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

	private final Glances glances;

	/** The ids of jobs that are never to be asked for again. */
	private final Set<JobId> givenUp = ConcurrentHashMap.newKeySet();

	@Autowired
	PollingService(Followings followings, AkashGenClient akashGen, LookupLimiter lookups, RetryRegistry retries,
			PollingProperties settings) {
		this(followings, akashGen::statusOf, lookups, retries, settings);
	}

	PollingService(Followings followings, Function<JobId, JobStatus> statuses, LookupLimiter lookups,
			RetryRegistry retries, PollingProperties settings) {
		this.followings = followings;
		this.statuses = statuses;
		this.lookups = lookups;
		this.retry = retries.retry("polling", looksAgain(settings.maxAttempts()));
		this.patience = retries.retry("polling-in-time", looksAgain(Integer.MAX_VALUE));
		this.followFor = settings.followFor();
		this.glances = new Glances(settings.interval(), this.threads);
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
	 * Take a job as it stands, for whoever asks, as far as known an interval ago at most;
	 * where AkashGen does not know the job or does not tell, longer ago each time.
	 * @throws PollingException if there is no picture, saying whether it may still come
	 */
	public JobStatus.Succeeded check(JobId id) {
		return check(id, (unknown) -> this.lookups.asking(unknown, () -> this.statuses.apply(unknown)));
	}

	private JobStatus.Succeeded check(JobId id, Function<JobId, JobStatus> glance) {
		refuseIfGivenUp(id);
		Optional<Following> following = this.followings.find(id);
		JobStatus status;
		try {
			status = following.map(Following::latest).orElseGet(() -> this.glances.of(id, glance));
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
		return await(this.followings.join(id, true), looked);
	}

	/**
	 * The same for a job of an earlier process, which is polled at once and alone for the
	 * first time.
	 */
	public CompletableFuture<JobStatus.Succeeded> resume(JobId id, Consumer<@Nullable JobStatus> looked) {
		return await(this.followings.joinAlone(id), looked);
	}

	private CompletableFuture<JobStatus.Succeeded> await(Seat seat, Consumer<@Nullable JobStatus> looked) {
		JobId id = seat.following().id();
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
		refuseIfGivenUp(id);
		boolean isKnown = this.followings.find(id).filter((following) -> !following.isDoubtful()).isPresent();
		return isKnown ? awaitUntil(id, deadline) : this.lookups.waiting(id, () -> awaitUntil(id, deadline));
	}

	private JobStatus.Succeeded awaitUntil(JobId id, long deadline) {
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
