package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * One who waits. Sees every look from the one on that follows his coming.
 */
final class Seat implements AutoCloseable {

	private final Following following;

	private @Nullable CompletableFuture<JobStatus> look;

	Seat(Following following, CompletableFuture<JobStatus> look) {
		this.following = following;
		this.look = look;
	}

	Following following() {
		return this.following;
	}

	/**
	 * The next look at the job. One that has ended is not looked at again.
	 * @return completes with what was seen; with an {@link AkashGenException} where
	 * AkashGen did not tell, and is asked again; with a {@link PollingException} where
	 * the job brings no picture
	 */
	CompletableFuture<JobStatus> look() {
		CompletableFuture<JobStatus> look = (this.look != null) ? this.look : this.following.wanted();
		this.look = null;
		return look;
	}

	/**
	 * Wait for the next look at the job, but not for ever.
	 * @return what was seen; empty if there was no look in time
	 * @throws RuntimeException what {@link #look()} completes with
	 * @throws CancellationException if the wait was interrupted; the flag stays set
	 */
	Optional<JobStatus> look(Duration atMost) {
		try {
			return Optional.of(Following.get(look().copy().orTimeout(atMost.toNanos(), TimeUnit.NANOSECONDS)));
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof TimeoutException) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	@Override
	public void close() {
		this.following.leave();
	}

}
