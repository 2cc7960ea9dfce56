package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * A job that one client waits for by looking it up again and again, and that this service
 * may not have submitted.
 */
final class LookupWait {

	private final JobId id;

	private final long deadline;

	private final String unfinished;

	private final StatusTolerance tolerance;

	private @Nullable JobStatus status;

	private @Nullable AkashGenException error;

	/**
	 * Create a job that was not looked up yet.
	 * @param deadline by {@code System.nanoTime()}
	 * @param unfinished the message if it has not ended by then
	 */
	LookupWait(JobId id, long deadline, String unfinished) {
		this.id = id;
		this.deadline = deadline;
		this.unfinished = unfinished;
		this.tolerance = new StatusTolerance(id);
	}

	long millisLeft() {
		return TimeUnit.NANOSECONDS.toMillis(this.deadline - System.nanoTime());
	}

	/**
	 * Look the job up.
	 * @param lookup does it within a time
	 * @throws PollingException if the time is over, or AkashGen does not know the job
	 */
	@SuppressWarnings("ReferenceEquality")
	JobStatus lookUp(Function<Duration, Optional<JobStatus>> lookup) {
		long left = this.deadline - System.nanoTime();
		if (left <= 0 && (this.status != null || this.error != null)) {
			throw unfinished();
		}
		try {
			JobStatus next = lookup.apply(Duration.ofNanos(Math.max(0, left))).orElseThrow(this::unfinished);
			// The same one may come again from the cache.
			if (next != this.status) {
				this.tolerance.onStatus(next);
			}
			this.status = next;
			this.error = null;
			return next;
		}
		catch (AkashGenException ex) {
			this.tolerance.onError();
			this.error = ex;
			throw ex;
		}
	}

	/** After the first lookup, one that was too many is not the end. */
	boolean isWorthAnotherLookup(Throwable failure) {
		return failure instanceof AkashGenException
				|| (failure instanceof PollingException.TooManyLookups && (this.status != null || this.error != null));
	}

	private PollingException unfinished() {
		return PollingException.unfinished(this.id, this.unfinished, this.status, this.error);
	}

}
