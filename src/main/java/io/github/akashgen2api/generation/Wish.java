package io.github.akashgen2api.generation;

import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.jobs.JobRecord;
import org.jspecify.annotations.Nullable;

/**
 * A picture that was asked for, until it cannot be asked for again.
 */
final class Wish {

	private final String key;

	private final String requestId;

	private final String request;

	private final @Nullable String idempotencyKey;

	private final Instant since;

	private final Course course;

	/**
	 * Each tells whether a caller has gone away. Those who were told that it takes too
	 * long are not among them.
	 */
	private final Set<BooleanSupplier> callers = Collections
		.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>(2)));

	private final boolean isGivenUp;

	private volatile boolean isTaken;

	private volatile @Nullable Job job;

	/** Until its end, as it holds the picture. */
	private final AtomicReference<@Nullable GenerationHandle> generation = new AtomicReference<>();

	Wish(RequestIdentity caller, Instant since) {
		this.key = caller.key();
		this.requestId = caller.requestId();
		this.course = new Course(since);
		this.request = caller.request();
		this.idempotencyKey = caller.idempotencyKey();
		this.since = since;
		this.isGivenUp = false;
	}

	/** After a restart, no caller is left. */
	Wish(JobRecord kept) {
		this.key = "-";
		this.requestId = "-";
		this.course = new Course(kept.since());
		this.course.queued(kept.since());
		if (!kept.isOpen()) {
			this.course.tell();
		}
		this.request = kept.request();
		this.idempotencyKey = kept.idempotencyKey();
		this.since = kept.since();
		this.isGivenUp = kept.wasGivenUp();
		this.isTaken = !kept.isWanted();
		this.job = kept.job();
	}

	/** The fingerprint of its caller's key. */
	String key() {
		return this.key;
	}

	String requestId() {
		return this.requestId;
	}

	Course course() {
		return this.course;
	}

	String request() {
		return this.request;
	}

	@Nullable String idempotencyKey() {
		return this.idempotencyKey;
	}

	Instant since() {
		return this.since;
	}

	@Nullable Job job() {
		return this.job;
	}

	void queued(Job job, Instant now) {
		this.course.queued(now);
		this.job = job;
	}

	JobRecord record(Job job) {
		JobRecord kept = JobRecord.of(job, this.since, this.request, this.idempotencyKey);
		return this.isTaken ? kept.unwanted() : kept;
	}

	/** What is under way for it. */
	@Nullable GenerationHandle generation() {
		GenerationHandle begun = this.generation.get();
		return (begun != null && !begun.hasEnded()) ? begun : null;
	}

	void begun(GenerationHandle generation) {
		this.generation.set(generation);
		var _ = generation.end().whenComplete((_, _) -> this.generation.compareAndSet(generation, null));
	}

	/** Whether its job is never to be asked for again. */
	boolean isGivenUp() {
		return this.isGivenUp;
	}

	/** One more caller waits for it. */
	void join(BooleanSupplier isGone) {
		this.callers.add(isGone);
	}

	/** One caller waits no longer. */
	void leave(BooleanSupplier isGone) {
		this.callers.remove(isGone);
	}

	/** No caller waits any longer. */
	void leave() {
		this.callers.clear();
	}

	boolean isWanted() {
		synchronized (this.callers) {
			return this.callers.stream().anyMatch((isGone) -> !isGone.getAsBoolean());
		}
	}

	boolean isLeft() {
		return !this.isTaken && !isWanted();
	}

	/** Nobody else shall have it: it was delivered, taken up, or failed. */
	void take() {
		this.isTaken = true;
	}

}
