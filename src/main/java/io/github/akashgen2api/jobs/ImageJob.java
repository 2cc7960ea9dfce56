package io.github.akashgen2api.jobs;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.akash.Message;
import org.jspecify.annotations.Nullable;

/**
 * One image that was asked for, from the request to the end of what anybody may want of
 * it: where it stands, who waits for it, and how long each step took. Thread-safe.
 */
public final class ImageJob {

	/** Where a job stands. */
	public enum State {

		/** In the queue of submits. */
		WAITING,

		/** Being submitted: whether AkashGen has the job is not known. */
		SUBMITTING,

		/** AkashGen has named the job. */
		SUBMITTED,

		/** The image was stored. */
		SUCCEEDED,

		/** There will be no image. */
		FAILED,

		/** It is not known how the job ended; AkashGen may still tell. */
		LOST;

		/** Whether the job's thread still has work to do. */
		public boolean isOpen() {
			return compareTo(SUCCEEDED) < 0;
		}

	}

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final AtomicInteger COUNTER = new AtomicInteger();

	/** A process may end while it asks for a job, and not because of the job. */
	private static final int MAX_SUSPICION = 2;

	/** One, and its conversions. */
	private static final int MAX_IMAGES = 16;

	/** In characters; many jobs are in memory at the same time. */
	private static final int MAX_PROMPT = 1_000;

	private final String id;

	private final String key;

	private final String requestId;

	private final String digest;

	private @Nullable String idempotencyKey;

	private final Instant since;

	private final Conversation conversation;

	private final String prompt;

	private final Map<String, String> metadata;

	private final @Nullable String form;

	/** The SHA-256 of each file, in hexadecimal digits. */
	private final Set<String> images = new LinkedHashSet<>();

	private final List<JobWaiter> waiters = new ArrayList<>(1);

	private State state;

	private @Nullable Job upstream;

	private boolean isDelivered;

	private boolean isRunning;

	private boolean isAbandoned;

	private boolean isLogged;

	private boolean isDeleted;

	private int suspicion;

	private @Nullable Instant submitted;

	private @Nullable Instant ended;

	private @Nullable Instant completed;

	private @Nullable JobError error;

	private Duration painting = Duration.ZERO;

	private int attempts;

	/**
	 * Create a job that was asked for now.
	 */
	ImageJob(JobRequest request, Instant now) {
		this.id = generateId(now);
		this.key = request.identity().key();
		this.requestId = request.identity().requestId();
		this.digest = request.identity().digest();
		this.idempotencyKey = request.identity().idempotencyKey();
		this.since = now;
		this.conversation = request.conversation();
		String words = this.conversation.lastWords();
		this.prompt = words.substring(0, Math.min(MAX_PROMPT, words.length()));
		this.metadata = request.metadata();
		this.form = request.form();
		this.state = State.WAITING;
	}

	/**
	 * Restore a job from its record.
	 * @param messages what is to be submitted; empty once it was
	 */
	ImageJob(JobRecord kept, List<Message> messages) {
		this.id = kept.id();
		this.key = kept.key();
		this.requestId = "-";
		this.digest = kept.digest();
		this.idempotencyKey = kept.idempotencyKey();
		this.since = kept.since();
		this.conversation = new Conversation(messages);
		this.prompt = kept.words();
		this.metadata = kept.metadata();
		this.form = kept.form();
		this.images.addAll(kept.images());
		this.completed = kept.completed();
		this.error = kept.error();
		this.state = kept.state();
		this.upstream = kept.upstream();
		this.submitted = kept.since();
		this.isDelivered = kept.delivered();
		this.isLogged = !kept.state().isOpen();
		this.suspicion = kept.suspicion();
	}

	/**
	 * An id that nobody can guess. Ids sort by time, so that a store finds old ones
	 * first, and those of the same millisecond by their order.
	 */
	static String generateId(Instant now) {
		return "job_%012x%04x%016x".formatted(now.toEpochMilli(), COUNTER.getAndIncrement() & 0xffff,
				RANDOM.nextLong());
	}

	/** No id of a later time sorts before it. */
	static String firstIdAt(Instant time) {
		return "job_%012x".formatted(Math.max(0, time.toEpochMilli()));
	}

	/**
	 * The service's own id: {@code job_} and 32 hexadecimal digits.
	 */
	public String id() {
		return this.id;
	}

	/**
	 * The fingerprint of the client's key.
	 */
	public String key() {
		return this.key;
	}

	/**
	 * The id of the request that started the job; {@code -} after a restart.
	 */
	public String requestId() {
		return this.requestId;
	}

	/**
	 * The digest of the request, by which the same request is found.
	 */
	public String digest() {
		return this.digest;
	}

	/**
	 * The digest of the {@code Idempotency-Key}; {@code null} without one.
	 */
	public synchronized @Nullable String idempotencyKey() {
		return this.idempotencyKey;
	}

	/** The same {@code Idempotency-Key} starts another job. */
	synchronized void releaseIdempotencyKey() {
		this.idempotencyKey = null;
	}

	/**
	 * When the image was asked for.
	 */
	public Instant since() {
		return this.since;
	}

	/**
	 * What to submit; empty once AkashGen has taken it.
	 */
	public Conversation conversation() {
		return this.conversation;
	}

	/**
	 * The last words of the user, 1,000 characters at most; empty for a job of a version
	 * before December 2026.
	 */
	public String prompt() {
		return this.prompt;
	}

	/**
	 * What the client has attached to the job.
	 */
	public Map<String, String> metadata() {
		return this.metadata;
	}

	/**
	 * How the client wants to be answered if it comes back for the image, in the words of
	 * the endpoint; {@code null} if it does not matter.
	 */
	public @Nullable String form() {
		return this.form;
	}

	/**
	 * Where the job stands.
	 */
	public synchronized State state() {
		return this.state;
	}

	/**
	 * The same, and how the job has ended.
	 */
	public synchronized JobSnapshot snapshot() {
		return new JobSnapshot(this.state, this.completed, this.error);
	}

	/**
	 * The job as AkashGen names it; {@code null} until it does.
	 */
	public synchronized @Nullable Job upstream() {
		return this.upstream;
	}

	/**
	 * Whether a client has been told where the image is: then the same request starts
	 * another job.
	 */
	public synchronized boolean isDelivered() {
		return this.isDelivered;
	}

	synchronized void markDelivered() {
		this.isDelivered = true;
	}

	/**
	 * The job is being submitted.
	 */
	public synchronized void submitting() {
		if (!this.isDeleted) {
			this.state = State.SUBMITTING;
		}
	}

	/**
	 * AkashGen has named the job.
	 */
	public synchronized void submitted(Job job, Instant now) {
		this.state = this.isDeleted ? this.state : State.SUBMITTED;
		this.submitted = now;
		this.upstream = new Job(job.id(), cut(job.prompt()), cut(job.negativePrompt()));
	}

	/** AkashGen's language model writes a hundredth of that. */
	private static String cut(String prompt) {
		return prompt.substring(0, Math.min(prompt.length(), 10_000));
	}

	/**
	 * The image was stored, or a conversion of it.
	 * @param digest the SHA-256 of the file, in hexadecimal digits
	 */
	synchronized void imageStored(String digest) {
		if (this.images.size() < MAX_IMAGES) {
			this.images.add(digest);
		}
	}

	/**
	 * The client wants the job to be forgotten. Nobody joins it any longer, and nothing
	 * of it is recorded.
	 * @return the clients that wait, and are to be told
	 */
	synchronized List<JobWaiter> markDeleted(JobError error, Instant now) {
		if (this.state.isOpen()) {
			this.error = error;
			this.completed = now;
			this.state = State.FAILED;
		}
		this.isDeleted = true;
		this.isAbandoned = true;
		return List.copyOf(this.waiters);
	}

	/**
	 * Whether a client has deleted the job.
	 */
	public synchronized boolean isDeleted() {
		return this.isDeleted;
	}

	/**
	 * AkashGen was asked where the job stands.
	 * @param status where it stands; {@code null} if AkashGen did not tell
	 */
	public synchronized void polled(@Nullable JobStatus status, Instant now) {
		this.attempts++;
		if (status instanceof JobStatus.Succeeded succeeded) {
			this.painting = succeeded.painting();
		}
		if (status instanceof JobStatus.Succeeded || status instanceof JobStatus.Failed) {
			this.ended = now;
		}
	}

	/**
	 * How often a process ended while it asked for this job alone, which its answer may
	 * have caused: 0 to 2.
	 */
	public synchronized int suspicion() {
		return this.suspicion;
	}

	/**
	 * Change the suspicion.
	 */
	public synchronized void suspect(int suspicion) {
		this.suspicion = Math.min(suspicion, MAX_SUSPICION);
	}

	/**
	 * Whether AkashGen is never to be asked for this job again.
	 */
	public synchronized boolean isGivenUp() {
		return this.suspicion >= MAX_SUSPICION;
	}

	/**
	 * Have the job run by one thread.
	 * @return whether the calling thread has to start it; {@code false} if it runs
	 * already
	 */
	public synchronized boolean startRunning() {
		boolean isFirst = !this.isRunning;
		this.isRunning = true;
		return isFirst;
	}

	/**
	 * The job's thread has ended. A client that joins from now on starts another one.
	 * @param end where the job stands
	 * @param error why there is no image; {@code null} if there is one
	 * @return those that wait now, and are to be notified
	 */
	synchronized List<JobWaiter> stopRunning(State end, @Nullable JobError error, Instant now) {
		this.isRunning = false;
		if (!this.isDeleted) {
			this.state = end;
			this.error = error;
			this.completed = now;
		}
		return List.copyOf(this.waiters);
	}

	/** Whether it runs, or somebody may still read how it ended. */
	synchronized boolean isNeeded() {
		return this.isRunning || this.state.isOpen() || (!this.isDelivered && !this.waiters.isEmpty());
	}

	synchronized boolean isRunning() {
		return this.isRunning;
	}

	/**
	 * Whether the end of the job is to be logged, which it is once.
	 */
	public synchronized boolean markLogged() {
		boolean isFirst = !this.isLogged;
		this.isLogged = true;
		return isFirst;
	}

	/**
	 * One more client waits.
	 * @return {@code false} if the job was abandoned, and will not be submitted
	 */
	synchronized boolean join(JobWaiter waiter) {
		if (this.isAbandoned) {
			return false;
		}
		this.waiters.add(waiter);
		return true;
	}

	/**
	 * Take up the job if every client that waited has disconnected.
	 * @return whether the waiter has joined
	 */
	boolean adopt(JobWaiter waiter) {
		List<JobWaiter> before = waiters();
		if (!areGone(before)) {
			return false;
		}
		synchronized (this) {
			if (this.isAbandoned || this.isDelivered || !this.waiters.equals(before)) {
				return false;
			}
			// A client that has closed its side only may still read how the job ends.
			this.waiters.add(waiter);
			return true;
		}
	}

	/**
	 * Give the job up if every client that waited has disconnected. It must not have been
	 * submitted.
	 * @return whether it was given up: then nobody joins it any longer
	 */
	boolean abandonUnlessWanted() {
		List<JobWaiter> before = waiters();
		if (!areGone(before)) {
			return false;
		}
		synchronized (this) {
			this.isAbandoned = this.waiters.equals(before);
			// No job was submitted, so there is nothing to log.
			this.isLogged |= this.isAbandoned;
			return this.isAbandoned;
		}
	}

	/** Not under the lock, as it may be a system call for each. */
	private static boolean areGone(List<JobWaiter> waiters) {
		return waiters.stream().allMatch(JobWaiter::isGone);
	}

	/**
	 * Somebody else follows the job.
	 */
	public synchronized void watch(JobWaiter watcher) {
		this.waiters.add(watcher);
	}

	/**
	 * A client waits no longer.
	 */
	public synchronized void leave(JobWaiter waiter) {
		this.waiters.remove(waiter);
	}

	/**
	 * The clients that wait now.
	 */
	public synchronized List<JobWaiter> waiters() {
		return List.copyOf(this.waiters);
	}

	/**
	 * Whether a client waits, disconnected or not.
	 */
	public synchronized boolean hasWaiters() {
		return !this.waiters.isEmpty();
	}

	/**
	 * How long each step took.
	 */
	public synchronized JobTimings timings(Instant now) {
		return JobTimings.of(this.since, this.submitted, this.ended, now, this.painting, this.attempts);
	}

	/** Tell those that wait that AkashGen was asked. */
	public void notifyPolled(@Nullable JobStatus status, @Nullable AkashGenException error) {
		waiters().forEach((waiter) -> waiter.onPolled(status, error));
	}

	/** Tell those that wait that there is no image yet, although the job goes on. */
	public void notifyFailed(RuntimeException reason) {
		waiters().forEach((waiter) -> waiter.onFailed(reason));
	}

	synchronized JobRecord toRecord() {
		return new JobRecord(this.id, this.key, this.digest, this.idempotencyKey, this.since, this.state,
				(this.upstream != null) ? this.upstream.id().value() : null,
				(this.upstream != null) ? this.upstream.prompt() : null,
				(this.upstream != null) ? this.upstream.negativePrompt() : null, this.isDelivered, this.suspicion,
				this.prompt, this.metadata, List.copyOf(this.images), this.completed, this.error, this.form);
	}

}
