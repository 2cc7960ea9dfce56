package io.github.akashgen2api.polling;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * A job that is followed: what was last seen of it, and those who wait for the next look
 * at it. One look serves them all.
 */
final class Following {

	/** At most, the pause between two polls is doubled so often. */
	private static final int MOST_DOUBLED = 5;

	private final JobId id;

	/** The least pause between two polls, in nanoseconds. */
	private final long pause;

	private long dueFrom;

	private long until;

	private final Watch watch;

	private final CompletableFuture<JobStatus> first = new CompletableFuture<>();

	private final CompletableFuture<JobStatus> end = new CompletableFuture<>();

	private CompletableFuture<JobStatus> next = new CompletableFuture<>();

	private volatile @Nullable JobStatus seen;

	private volatile @Nullable AkashGenException trouble;

	private boolean isKnown;

	/** Whether this service had it queued. */
	private boolean isOurs;

	/** How many polls in a row did not show whether AkashGen knows the job. */
	private int pollsInVain;

	private boolean isWanted;

	private boolean isAskedFor;

	private int waiting;

	/**
	 * Begin to follow a job. Its first poll is on its way.
	 * @param isKnown whether AkashGen is sure to know the job, as this service had it
	 * queued
	 * @param pause the least pause between two polls, in nanoseconds
	 * @param now in nanoseconds
	 * @param until when it is followed no longer unless somebody waits, in nanoseconds
	 */
	Following(JobId id, boolean isKnown, long pause, long now, long until) {
		this.id = id;
		this.isKnown = isKnown;
		this.isOurs = isKnown;
		this.pause = pause;
		this.dueFrom = now + pause;
		this.until = until;
		this.watch = new Watch(id);
		this.isAskedFor = true;
	}

	JobId id() {
		return this.id;
	}

	/**
	 * What was last seen of the job, waiting for the first look.
	 * @throws RuntimeException what {@link Seat#look()} completes with, where nothing was
	 * seen so far
	 */
	JobStatus latest() {
		JobStatus status = this.seen;
		return (status != null) ? status : get(this.first);
	}

	/** What was last seen of the job; empty before the first look. */
	Optional<JobStatus> seen() {
		return Optional.ofNullable(this.seen);
	}

	/** What the last look met instead of the job; {@code null} where it met it. */
	@Nullable AkashGenException trouble() {
		return this.trouble;
	}

	/** How the job ended, or why that is not known. */
	CompletableFuture<JobStatus> end() {
		return this.end.copy();
	}

	boolean hasEnded() {
		return this.end.isDone();
	}

	/**
	 * Follow the job for longer than was said at first.
	 * @param until when it is followed no longer unless somebody waits, in nanoseconds
	 */
	synchronized void followUntil(long until) {
		if (isStrangers()) {
			this.dueFrom = System.nanoTime();
		}
		this.isOurs = true;
		if (until - this.until > 0) {
			this.until = until;
		}
	}

	/** Take a seat among those who wait. */
	synchronized Seat join() {
		this.waiting++;
		return new Seat(this, wanted());
	}

	/** The next look, for the sake of which the job is polled. */
	synchronized CompletableFuture<JobStatus> wanted() {
		this.isWanted = true;
		return this.next;
	}

	synchronized void leave() {
		this.waiting--;
	}

	/**
	 * Take the job for a poll, if one is due.
	 * @param now in nanoseconds
	 * @return whether it was taken
	 */
	synchronized boolean take(long now) {
		boolean isDue = !this.isAskedFor && !hasEnded() && now - this.dueFrom >= 0
				&& (this.isWanted || now - this.until < 0);
		this.isAskedFor |= isDue;
		return isDue;
	}

	/**
	 * Whether nobody waits any longer and its time is over.
	 * @param now in nanoseconds
	 */
	synchronized boolean isOver(long now) {
		return !this.isAskedFor && this.waiting == 0 && now - this.until >= 0;
	}

	/** Whether AkashGen may not know the job, which could spoil an answer about many. */
	synchronized boolean isDoubtful() {
		return !this.isKnown;
	}

	/** Whether the job may have been made up: its polls count, and become fewer. */
	synchronized boolean isStrangers() {
		return !this.isKnown && !this.isOurs;
	}

	/** Take note that a poll was one too many, so AkashGen was not asked. */
	void refused(PollingException.TooManyLookups refusal) {
		if (this.seen == null && this.trouble == null) {
			end(refusal);
			return;
		}
		synchronized (this) {
			this.isAskedFor = false;
		}
	}

	/** Take note of where the job stands, and tell those who wait. */
	void saw(JobStatus status) {
		this.seen = status;
		this.trouble = null;
		switch (status) {
			case JobStatus.Succeeded _, JobStatus.Failed _ -> ended((future) -> future.complete(status));
			case JobStatus.Unfinished _ -> {
				try {
					this.watch.saw(status);
					told(!(status instanceof JobStatus.Absent), (future) -> future.complete(status));
				}
				catch (PollingException ex) {
					ended((future) -> future.completeExceptionally(ex));
				}
			}
		}
	}

	/** Take note that AkashGen did not tell, and tell those who wait. */
	void lost(AkashGenException trouble) {
		this.watch.lost();
		this.trouble = trouble;
		told(this.isKnown, (future) -> future.completeExceptionally(trouble));
	}

	/** Follow the job no longer, and tell those who wait why. */
	void end(Throwable reason) {
		ended((future) -> future.completeExceptionally(reason));
	}

	private void told(boolean isKnown, Outcome outcome) {
		CompletableFuture<JobStatus> told;
		synchronized (this) {
			if (hasEnded()) {
				// An answer on its way when the service stops: nothing comes after it.
				return;
			}
			told = this.next;
			this.next = new CompletableFuture<>();
			this.isKnown = isKnown;
			if (isStrangers()) {
				this.dueFrom = System.nanoTime() + (this.pause << Math.min(this.pollsInVain++, MOST_DOUBLED));
			}
			else {
				this.pollsInVain = 0;
			}
			this.isWanted = false;
			this.isAskedFor = false;
		}
		outcome.tell(this.first);
		outcome.tell(told);
	}

	private void ended(Outcome outcome) {
		outcome.tell(this.end);
		outcome.tell(this.first);
		CompletableFuture<JobStatus> told;
		synchronized (this) {
			told = this.next;
		}
		outcome.tell(told);
	}

	static JobStatus get(CompletableFuture<JobStatus> future) {
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new CompletionException(ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CancellationException("Interrupted");
		}
	}

	/** How those who wait are told. */
	private interface Outcome {

		void tell(CompletableFuture<JobStatus> future);

	}

}
