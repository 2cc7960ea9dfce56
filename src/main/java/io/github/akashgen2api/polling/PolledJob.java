package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.futures.Futures;
import org.jspecify.annotations.Nullable;

/**
 * A job that one thread polls, and what others may know of it meanwhile.
 */
final class PolledJob {

	private final JobId id;

	private final PollListener listener;

	private final StatusTolerance tolerance;

	private final CompletableFuture<JobStatus> first = new CompletableFuture<>();

	private final CompletableFuture<JobStatus> end = new CompletableFuture<>();

	/** Those that wait beside the listener's. */
	private final AtomicInteger waiting = new AtomicInteger();

	private volatile @Nullable JobStatus status;

	private volatile @Nullable AkashGenException error;

	/** When somebody waited last, in nanoseconds. */
	private long lastWaited;

	/** Whether AkashGen is asked for it alone next. */
	private boolean isAlone;

	/**
	 * Create a job that was not polled yet.
	 * @param isAlone whether the first poll is for this job only
	 */
	PolledJob(JobId id, PollListener listener, boolean isAlone) {
		this.id = id;
		this.listener = listener;
		this.tolerance = new StatusTolerance(id);
		this.isAlone = isAlone;
	}

	JobId id() {
		return this.id;
	}

	boolean isAlone() {
		return this.isAlone;
	}

	/** Whether it was polled, nobody waits, and its time is over. */
	boolean isOver(Duration followFor) {
		long now = System.nanoTime();
		if (!this.first.isDone() || this.waiting.get() > 0 || this.listener.isWaitedFor()) {
			this.lastWaited = now;
			return false;
		}
		return now - this.lastWaited >= followFor.toNanos();
	}

	/**
	 * AkashGen has told where the job stands.
	 * @throws PollingException if that is the end of the job
	 */
	void onStatus(JobStatus status) {
		this.tolerance.onStatus(status);
		this.status = status;
		this.error = null;
		// An unknown id could spoil the answer for others.
		this.isAlone = status instanceof JobStatus.Absent;
		this.listener.onPolled(status, null);
		this.first.complete(status);
	}

	/** AkashGen did not tell. */
	void onError(AkashGenException error) {
		this.tolerance.onError();
		this.error = error;
		this.listener.onPolled(null, error);
		this.first.completeExceptionally(error);
	}

	/** No poll follows. */
	void complete(JobStatus end) {
		this.end.complete(end);
	}

	/** No poll follows. */
	void completeExceptionally(Throwable reason) {
		this.first.completeExceptionally(reason);
		this.end.completeExceptionally(reason);
	}

	/** Where the job stands as far as known, after the first poll. */
	JobStatus latest() {
		JobStatus known = this.status;
		return (known != null) ? known : Futures.join(this.first);
	}

	Optional<JobStatus> seen() {
		return Optional.ofNullable(this.status);
	}

	/** Why there is no end yet. */
	PollingException unfinished(String message) {
		return PollingException.unfinished(this.id, message, this.status, this.error);
	}

	/**
	 * Wait for the last poll.
	 * @throws PollingException if it did not come in time
	 */
	JobStatus await(Duration atMost, String ifUnfinished) {
		this.waiting.incrementAndGet();
		try {
			if (!Futures.isDone(this.end, atMost)) {
				throw unfinished(ifUnfinished);
			}
			return Futures.join(this.end);
		}
		finally {
			this.waiting.decrementAndGet();
		}
	}

}
