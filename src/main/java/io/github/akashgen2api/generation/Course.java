package io.github.akashgen2api.generation;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.akashgen2api.akash.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * How long a job has taken, and where.
 */
final class Course {

	private final Instant asked;

	private volatile @Nullable Instant queued;

	private volatile @Nullable Instant ended;

	private volatile Duration painting = Duration.ZERO;

	private volatile int attempts;

	private final AtomicBoolean isTold = new AtomicBoolean();

	Course(Instant asked) {
		this.asked = asked;
	}

	/** A job is told of once. */
	boolean tell() {
		return this.isTold.compareAndSet(false, true);
	}

	/** AkashGen has named the job. */
	void queued(Instant now) {
		this.queued = now;
	}

	/** AkashGen was asked where the job stands; {@code null} where it did not tell. */
	synchronized void looked(@Nullable JobStatus status, Instant now) {
		this.attempts++;
		switch (status) {
			case JobStatus.Succeeded succeeded -> {
				this.ended = now;
				this.painting = succeeded.painting();
			}
			case JobStatus.Failed _ -> this.ended = now;
			case null, default -> {
			}
		}
	}

	/**
	 * In milliseconds, what passed until the job was queued, until it was painted, while
	 * it was painted, as far as AkashGen tells, and from then until now.
	 */
	Map<String, Object> facts(Instant now) {
		Instant queued = Objects.requireNonNullElse(this.queued, now);
		Instant ended = Objects.requireNonNullElse(this.ended, now);
		long waited = Duration.between(queued, ended).toMillis();
		long painting = Math.min(waited, this.painting.toMillis());
		Map<String, Object> facts = new LinkedHashMap<>();
		facts.put("submitMs", Duration.between(this.asked, queued).toMillis());
		facts.put("queuedMs", waited - painting);
		facts.put("paintingMs", painting);
		facts.put("handsMs", Duration.between(ended, now).toMillis());
		facts.put("attempts", this.attempts);
		return facts;
	}

}
