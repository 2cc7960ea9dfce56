package io.github.akashgen2api.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Finds the job of a repeated request: by its {@code Idempotency-Key}, or, without one, a
 * job of the same request whose client has disconnected. Jobs that run, or whose image is
 * being delivered, are in memory; the others are in the {@link JobStore}.
 */
@Component
public class JobRegistry implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(JobRegistry.class);

	/**
	 * Whether a client has disconnected is a system call: not one for each of thousands
	 * that wait for the same, at each request.
	 */
	private static final int MAX_CANDIDATES = 16;

	private static final int MAX_MESSAGES = 3;

	private final JobStore store;

	private final JobsProperties properties;

	private final InstantSource clock;

	/** By their own ids. */
	private final Map<String, ImageJob> byId = new HashMap<>();

	/**
	 * Those without an {@code Idempotency-Key} that were not delivered, looked at in
	 * turn.
	 */
	private final Map<String, SequencedSet<ImageJob>> byDigest = new HashMap<>();

	private final ScheduledExecutorService timer = Executors
		.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("expired-jobs").factory());

	JobRegistry(JobStore store, JobsProperties properties, InstantSource clock) {
		this.store = store;
		this.properties = properties;
		this.clock = clock;
		var _ = this.timer.scheduleWithFixedDelay(this::cleanUp, properties.cleanupInterval().toMillis(),
				properties.cleanupInterval().toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * The job of a request: a new one, or the one that the request has started before.
	 * @param waiter joins the job
	 * @throws IdempotencyKeyReusedException if the key was used for another request
	 */
	public ImageJob getOrStart(JobRequest request, JobWaiter waiter) {
		ImageJob job = (request.identity().idempotencyKey() != null) ? findByKey(request, waiter)
				: findUndelivered(request.identity(), waiter);
		return (job != null) ? job : start(request, waiter);
	}

	private ImageJob start(JobRequest request, JobWaiter waiter) {
		ImageJob job = new ImageJob(request, this.clock.instant());
		job.join(waiter);
		add(job);
		return job;
	}

	private ImageJob findByKey(JobRequest request, JobWaiter waiter) {
		RequestIdentity former = request.identity().former();
		Optional<ImageJob> existing = (former != null && former.idempotencyKey() != null)
				? this.store.findByIdempotencyKey(former.idempotencyKey()).filter((job) -> !isExpired(job))
				: Optional.empty();
		if (former != null && existing.isPresent()) {
			ImageJob job = join(existing.get(), former, waiter);
			if (job != null) {
				return job;
			}
		}
		while (true) {
			ImageJob started = start(request, waiter);
			existing = this.store.claim(started, oldest(this.properties.replayFor()));
			if (existing.isEmpty()) {
				return started;
			}
			remove(started);
			ImageJob job = join(existing.get(), request.identity(), waiter);
			if (job != null) {
				return job;
			}
		}
	}

	/** {@code null} if the job was abandoned just now. */
	private @Nullable ImageJob join(ImageJob found, RequestIdentity request, JobWaiter waiter) {
		if (!found.digest().equals(request.digest())) {
			throw new IdempotencyKeyReusedException();
		}
		ImageJob job = add(found);
		if (job.join(waiter)) {
			return job;
		}
		delete(job);
		return null;
	}

	private boolean isExpired(ImageJob job) {
		return job.since().isBefore(oldest(this.properties.replayFor()));
	}

	private @Nullable ImageJob findUndelivered(RequestIdentity request, JobWaiter waiter) {
		if (this.properties.adoptWithin().isZero()) {
			return null;
		}
		for (ImageJob candidate : candidates(request)) {
			ImageJob job = add(candidate);
			if (job.adopt(waiter)) {
				return job;
			}
			release(job);
		}
		return null;
	}

	private List<ImageJob> candidates(RequestIdentity request) {
		Instant oldest = oldest(this.properties.adoptWithin());
		Map<String, ImageJob> candidates = new LinkedHashMap<>();
		for (RequestIdentity each = request; each != null; each = each.former()) {
			inTurn(each.digest()).forEach((job) -> candidates.put(job.id(), job));
			this.store.findUndelivered(each.digest(), oldest, MAX_CANDIDATES)
				.stream()
				.filter((id) -> !candidates.containsKey(id))
				.forEach((id) -> find(id).ifPresent((job) -> candidates.put(id, job)));
		}
		return candidates.values()
			.stream()
			.filter((job) -> !job.since().isBefore(oldest))
			.limit(MAX_CANDIDATES)
			.toList();
	}

	/**
	 * The job with an id, one of this service or of AkashGen.
	 * @param key the key that has started the job
	 */
	public Optional<ImageJob> find(String id, String key) {
		return find(id).or(() -> this.store.findByUpstreamId(id).flatMap(this::find))
			.filter((job) -> job.key().equals(key));
	}

	private Optional<ImageJob> find(String id) {
		return inMemory(id).or(() -> this.store.find(id));
	}

	/**
	 * The newest job of a key whose image, or a conversion of it, was served.
	 * @param digest the SHA-256 of the file, in hexadecimal digits
	 */
	public Optional<ImageJob> findByImage(String digest, String key) {
		return this.store.findByImage(key, digest).flatMap(this::find);
	}

	/** Empty if it is not known any longer. */
	private List<Message> conversation(ImageJob job) {
		List<Message> messages = job.conversation().messages();
		return messages.isEmpty() ? this.store.messages(job.id()) : messages;
	}

	/**
	 * Continue the conversation of a job.
	 * @param next what the client says now
	 * @return what AkashGen was sent for the job, its own prompt, and what the client
	 * says: the last three messages, as AkashGen uses no more
	 */
	public Conversation continued(ImageJob job, List<Message> next) {
		List<Message> messages = new ArrayList<>(conversation(job));
		Job upstream = job.upstream();
		if (upstream != null && !upstream.prompt().isEmpty()) {
			messages.add(new Message(Message.Role.ASSISTANT, upstream.prompt()));
		}
		messages.addAll(next);
		return new Conversation(messages.subList(Math.max(0, messages.size() - MAX_MESSAGES), messages.size()));
	}

	/**
	 * The image of a job was stored, or a conversion of it.
	 * @param digest the SHA-256 of the file, in hexadecimal digits
	 */
	public void imageStored(JobId upstream, String digest) {
		this.store.findByUpstreamId(upstream.value()).flatMap(this::find).ifPresent((job) -> {
			job.imageStored(digest);
			// The end of a job that runs is stored soon.
			if (!job.isRunning()) {
				this.store.saveLater(job);
			}
		});
	}

	/**
	 * Forget a job. Its thread ends at its next step, and its image is never fetched
	 * again. When this returns, that outlives the process.
	 * @return the clients that wait, and are to be told
	 */
	public List<JobWaiter> forget(ImageJob job, JobError error) {
		List<JobWaiter> waiters = job.markDeleted(error, this.clock.instant());
		this.store.save(job);
		remove(job);
		return waiters;
	}

	/**
	 * Whether the job of an image was deleted.
	 */
	public boolean isImageDeleted(JobId upstream) {
		return this.store.isImageDeleted(upstream.value());
	}

	/**
	 * The jobs of a key, newest first.
	 * @param before the id of the job after which the page begins; {@code null} for the
	 * first page
	 * @param limit how many to find at most
	 */
	public List<ImageJob> page(String key, @Nullable String before, int limit) {
		return this.store.page(key, before, limit).stream().flatMap((id) -> find(id).stream()).toList();
	}

	private synchronized Optional<ImageJob> inMemory(String id) {
		return Optional.ofNullable(this.byId.get(id));
	}

	private synchronized List<ImageJob> inTurn(String digest) {
		SequencedSet<ImageJob> jobs = this.byDigest.getOrDefault(digest, new LinkedHashSet<>());
		List<ImageJob> next = new ArrayList<>();
		for (int i = 0; i < Math.min(MAX_CANDIDATES, jobs.size()); i++) {
			ImageJob job = jobs.getFirst();
			jobs.addLast(job);
			next.add(job);
		}
		return next;
	}

	private Instant oldest(Duration age) {
		return this.clock.instant().minus(age);
	}

	/** The one object for a job, however many threads have read its record. */
	private ImageJob add(ImageJob job) {
		boolean isAdoptable = job.idempotencyKey() == null && !job.isDelivered();
		synchronized (this) {
			ImageJob known = this.byId.putIfAbsent(job.id(), job);
			if (known != null) {
				return known;
			}
			if (isAdoptable) {
				this.byDigest.computeIfAbsent(job.digest(), (_) -> new LinkedHashSet<>(2)).add(job);
			}
			return job;
		}
	}

	private synchronized void remove(ImageJob job) {
		this.byId.remove(job.id(), job);
		removeFromDigests(job);
	}

	private synchronized void removeFromDigests(ImageJob job) {
		this.byDigest.computeIfPresent(job.digest(), (_, jobs) -> {
			jobs.remove(job);
			return jobs.isEmpty() ? null : jobs;
		});
	}

	/**
	 * Restore the jobs of the last process that are open or were given up, as soon as
	 * they can be read.
	 * @param each is given each job, those last that may have ended the last process
	 */
	public void restore(Consumer<ImageJob> each) {
		this.store.restore((jobs) -> jobs.stream()
			.filter((job) -> !isExpired(job))
			.sorted(Comparator.comparingInt(ImageJob::suspicion))
			.forEach((job) -> {
				add(job);
				each.accept(job);
			}));
	}

	/**
	 * The job waits in the queue of submits. It is stored, so that the next process can
	 * submit it if this one is killed.
	 */
	public void waiting(ImageJob job) {
		this.store.saveLater(job);
	}

	/**
	 * The job is about to be submitted. When this returns, it will never be submitted
	 * again, even if the process is killed.
	 */
	public void submitting(ImageJob job) {
		job.submitting();
		this.store.save(job);
	}

	/**
	 * AkashGen has named the job. When this returns, the name outlives the process.
	 */
	public void submitted(ImageJob job, Job upstream) {
		job.submitted(upstream, this.clock.instant());
		this.store.save(job);
	}

	/**
	 * Change how likely the job is to have ended a process. When this returns, that
	 * outlives this process.
	 */
	public void suspect(ImageJob job, int suspicion) {
		job.suspect(suspicion);
		this.store.save(job);
	}

	/**
	 * The same for the greatest suspicion, if a condition still holds.
	 */
	public void suspectMost(ImageJob job, BooleanSupplier condition) {
		synchronized (job) {
			if (condition.getAsBoolean()) {
				job.suspect(Integer.MAX_VALUE);
			}
		}
		this.store.save(job);
	}

	/**
	 * The job has ended. Its outcome is stored before anybody is told, since a client
	 * that is told may repeat the request at once. If there will be no image, the same
	 * request starts another job, unless it has an {@code Idempotency-Key}.
	 * @return the clients that wait, and are to be told
	 */
	public List<JobWaiter> complete(ImageJob job, ImageJob.State end, @Nullable JobError error) {
		if (end == ImageJob.State.FAILED) {
			markDelivered(job);
		}
		List<JobWaiter> waiters = job.stopRunning(end, error, this.clock.instant());
		this.store.saveLater(job);
		release(job);
		return waiters;
	}

	/**
	 * No job was queued at AkashGen: a repeated request starts another one, with the same
	 * {@code Idempotency-Key} too.
	 * @return the clients that wait, and are to be told
	 */
	public List<JobWaiter> discard(ImageJob job, JobError error) {
		this.store.delete(job);
		job.releaseIdempotencyKey();
		return complete(job, ImageJob.State.FAILED, error);
	}

	/**
	 * There was no room for the job: it is forgotten.
	 * @return the clients that wait, and are to be told
	 */
	public List<JobWaiter> refuse(ImageJob job, JobError error) {
		List<JobWaiter> waiters = job.stopRunning(ImageJob.State.FAILED, error, this.clock.instant());
		delete(job);
		return waiters;
	}

	private void delete(ImageJob job) {
		this.store.delete(job);
		remove(job);
	}

	/**
	 * Discard a job that was not submitted, if every client that waited has disconnected.
	 * @return whether it was discarded
	 */
	public boolean abandonUnlessWanted(ImageJob job) {
		boolean isAbandoned = job.abandonUnlessWanted();
		if (isAbandoned) {
			delete(job);
		}
		return isAbandoned;
	}

	/**
	 * A client has been told where the image is or will be: the same request starts
	 * another job.
	 */
	public void deliver(ImageJob job) {
		if (!job.isDelivered()) {
			markDelivered(job);
			if (job.upstream() != null) {
				this.store.saveLater(job);
			}
		}
		release(job);
	}

	private void markDelivered(ImageJob job) {
		job.markDelivered();
		removeFromDigests(job);
	}

	/**
	 * A client waits no longer.
	 */
	public void leave(ImageJob job, JobWaiter waiter) {
		job.leave(waiter);
		release(job);
	}

	/**
	 * Keep the job in memory only for as long as it runs, or a client may read its end.
	 */
	private void release(ImageJob job) {
		if (!job.isNeeded()) {
			remove(job);
		}
	}

	/** A failure must not end the cleanups. */
	private void cleanUp() {
		try {
			removeExpired();
			this.store.eraseRemoved(this.properties.eraseAfter());
		}
		catch (RuntimeException ex) {
			logger.warn("Cannot clean up jobs, which is tried again", ex);
		}
	}

	private void removeExpired() {
		Instant adoptable = oldest(this.properties.adoptWithin());
		inMemory().stream()
			.filter((job) -> job.since().isBefore(adoptable) && !job.state().isOpen() && !job.isRunning())
			.forEach(this::remove);
		Duration longest = Stream.of(this.properties.replayFor(), this.properties.retention())
			.max(Comparator.naturalOrder())
			.orElseThrow();
		this.store.removeExpired(oldest(longest), adoptable);
	}

	private synchronized List<ImageJob> inMemory() {
		return List.copyOf(this.byId.values());
	}

	@Override
	public void close() {
		// An interrupt would close the file of jobs.
		this.timer.shutdown();
	}

}
