package io.github.akashgen2api.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.github.akashgen2api.akash.JobId;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Service;

/**
 * Keeps jobs for as long as somebody may want them: until their pictures are written, and
 * their callers have got them or can no longer ask again. In memory, and in a file from
 * which they come back after a restart.
 */
@Service
public class KeptJobs implements AutoCloseable {

	/** No caller notices, and there are no more than a hundred writes a second. */
	private static final Duration TOGETHER = Duration.ofMillis(10);

	private final JobsProperties settings;

	private final InstantSource clock;

	private final JobFile file;

	/** Nobody else touches the file. */
	private final ScheduledExecutorService writer = Executors
		.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("jobs").factory());

	/** By their ids, in the order in which they were queued. */
	private final Map<String, JobRecord> jobs = new LinkedHashMap<>();

	/** The ids of those that were changed, until they are written, which completes. */
	private final Map<String, CompletableFuture<Void>> changed = new LinkedHashMap<>();

	/** Who goes on with the jobs of an earlier process. */
	private final CompletableFuture<Consumer<JobRecord>> recall = new CompletableFuture<>();

	KeptJobs(JobsProperties settings, InstantSource clock, JsonMapper json) {
		this.settings = settings;
		this.clock = clock;
		this.file = new JobFile(settings.storeDir().resolve("jobs.mv"), settings.reopenAfter(), json, this::found);
		this.file.read();
		long pause = settings.reopenAfter().toMillis();
		var _ = this.writer.scheduleWithFixedDelay(() -> this.file.mend(this::all), pause, pause,
				TimeUnit.MILLISECONDS);
		var _ = this.writer.scheduleAtFixedRate(this::dropThoseWhoseTimeIsOver, 0, 1, TimeUnit.MINUTES);
	}

	private void found(List<JobRecord> earlier) {
		synchronized (this) {
			earlier.forEach((job) -> this.jobs.putIfAbsent(job.id(), job));
		}
		var _ = this.recall.thenAccept((each) -> earlier.stream()
			.filter((job) -> !isOver(job))
			.sorted(Comparator.comparingInt(JobRecord::suspicionOrNone))
			.forEach(each));
	}

	/**
	 * Have the jobs of an earlier process recalled, those that may have ended it last: at
	 * once, or as soon as that one has let go of them.
	 */
	public void recall(Consumer<JobRecord> each) {
		this.recall.complete(each);
	}

	private synchronized List<JobRecord> all() {
		return List.copyOf(this.jobs.values());
	}

	/**
	 * Keep a job.
	 * @return completes when it is written, or cannot be
	 */
	public synchronized CompletableFuture<Void> keep(JobRecord job) {
		this.jobs.put(job.id(), job);
		return write(job.id());
	}

	/**
	 * Change what is kept of a job. It is dropped where nobody can want it any longer.
	 */
	public void change(JobId id, UnaryOperator<JobRecord> change) {
		var _ = changeOnDisk(id, change);
	}

	/**
	 * The same, for those who must know.
	 * @return completes when it is written, or cannot be
	 */
	public synchronized CompletableFuture<Void> changeOnDisk(JobId id, UnaryOperator<JobRecord> change) {
		JobRecord job = this.jobs.computeIfPresent(id.value(), (_, old) -> change.apply(old));
		if (job == null) {
			return CompletableFuture.completedFuture(null);
		}
		if (isOver(job)) {
			this.jobs.remove(job.id());
		}
		return write(job.id());
	}

	private boolean isOver(JobRecord job) {
		boolean mayBeAdopted = job.isWanted() && mayBeAdopted(job.since());
		boolean mayBeReplayed = mayBeReplayed(job.since()) && (job.idempotencyKey() != null || job.isOpen());
		return !mayBeAdopted && !mayBeReplayed;
	}

	/**
	 * Whether it is early enough for the same request to take up a picture that was asked
	 * for then.
	 */
	public boolean mayBeAdopted(Instant since) {
		return this.clock.instant().isBefore(since.plus(this.settings.adoptWithin()));
	}

	/**
	 * Whether it is early enough for the same {@code Idempotency-Key} to find a picture
	 * that was asked for then.
	 */
	public boolean mayBeReplayed(Instant since) {
		return this.clock.instant().isBefore(since.plus(this.settings.replayFor()));
	}

	private synchronized void dropThoseWhoseTimeIsOver() {
		List<String> over = this.jobs.values().stream().filter(this::isOver).map(JobRecord::id).toList();
		this.jobs.keySet().removeAll(over);
		for (String id : over) {
			var _ = write(id);
		}
	}

	/** What changes within a moment is written in one go. */
	private CompletableFuture<Void> write(String id) {
		CompletableFuture<Void> written = this.changed.isEmpty()
				? CompletableFuture.runAsync(this::write, this::afterAMoment) : this.changed.values().iterator().next();
		this.changed.put(id, written);
		return written;
	}

	private void afterAMoment(Runnable work) {
		var _ = this.writer.schedule(work, TOGETHER.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void write() {
		List<JobRecord> kept = new ArrayList<>();
		List<String> dropped = new ArrayList<>();
		synchronized (this) {
			for (String id : this.changed.keySet()) {
				JobRecord job = this.jobs.get(id);
				if (job != null) {
					kept.add(job);
				}
				else {
					dropped.add(id);
				}
			}
			this.changed.clear();
		}
		if (!kept.isEmpty() || !dropped.isEmpty()) {
			this.file.write(kept, dropped, this::all);
		}
	}

	@Override
	public void close() {
		this.writer.close();
		this.file.close();
	}

}
