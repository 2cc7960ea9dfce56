package io.github.akashgen2api.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.akashgen2api.akash.Message;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Jobs in a file of H2's MVStore, which a {@code kill -9} leaves whole. What the last
 * process wrote is copied to a new file at the start, as MVStore may lose what is added
 * to a damaged one. While another process holds the file, or the disk fails, the records
 * are kept in memory, and merged into the file as soon as that works.
 */
final class MvStoreJobStore implements JobStore {

	private static final Logger logger = LoggerFactory.getLogger(MvStoreJobStore.class);

	/** Some kilobytes each. */
	private static final int MAX_RECORDS_IN_MEMORY = 5_000;

	private static final int MAX_RECORDS = 100_000;

	private static final long MAX_BYTES = 500_000_000;

	/** Of one job, in bytes. */
	private static final int MAX_MESSAGES = 64 * 1024;

	private final Path file;

	private final JobRecordFormat format;

	/** Whether jobs are kept that no request can take up. */
	private final boolean isHistoryKept;

	private final ScheduledExecutorService timer = Executors
		.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("jobs").factory());

	/** Held for writing while one set of records replaces another. */
	private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

	/** By their ids. They are written again if the file has to be replaced. */
	private final Map<String, ImageJob> openJobs = new ConcurrentHashMap<>();

	private final CompletableFuture<List<ImageJob>> restored = new CompletableFuture<>();

	private JobMaps records = JobMaps.inMemory();

	/** Whether the records are in memory because the file failed, which was logged. */
	private boolean isBroken;

	/**
	 * Open the file, or begin in memory.
	 * @param isHistoryKept whether jobs are kept that no request can take up
	 * @param reopenAfter the pause before a file that failed is tried again
	 */
	MvStoreJobStore(Path file, boolean isHistoryKept, Duration reopenAfter, JsonMapper json) {
		this.file = file;
		this.isHistoryKept = isHistoryKept;
		this.format = new JobRecordFormat(json);
		mend();
		var _ = this.timer.scheduleWithFixedDelay(this::mend, reopenAfter.toMillis(), reopenAfter.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	@Override
	public Optional<ImageJob> claim(ImageJob job, Instant oldest) {
		return change((target) -> {
			put(job, target);
			String idempotencyKey = String.valueOf(job.idempotencyKey());
			for (String id = target.claim(idempotencyKey, job.id()); id != null; id = target.claim(idempotencyKey,
					job.id())) {
				Optional<ImageJob> found = read(id, target);
				if (found.isPresent() && !found.get().since().isBefore(oldest)) {
					this.openJobs.remove(job.id());
					target.remove(job.toRecord());
					return found;
				}
				target.removeClaim(idempotencyKey, id);
			}
			return Optional.empty();
		});
	}

	@Override
	public void save(ImageJob job) {
		change((target) -> {
			put(job, target);
			target.commit();
			return job;
		});
	}

	@Override
	public void saveLater(ImageJob job) {
		change((target) -> {
			put(job, target);
			return job;
		});
	}

	/** Under the job's lock, so that the later of two states is written last. */
	private void put(ImageJob job, JobMaps target) {
		synchronized (job) {
			JobRecord kept = job.toRecord();
			if (kept.state().isOpen() && !job.isDeleted()) {
				this.openJobs.put(job.id(), job);
			}
			else {
				this.openJobs.remove(job.id());
			}
			if (job.isDeleted() && kept.upstreamId() != null) {
				target.markDeleted(kept.upstreamId(), Instant.now());
			}
			if (isKept(job, kept)) {
				target.put(kept, this.format.write(kept));
				putMessages(job, kept, target);
				while (target.size() > (target.isInFile() ? MAX_RECORDS : MAX_RECORDS_IN_MEMORY)
						|| target.bytes() > MAX_BYTES) {
					remove(target.ids().next(), target);
				}
			}
			if (!isKept(job, kept) || isMarkedDeleted(kept, target)) {
				target.remove(kept);
			}
		}
	}

	/** Another thread may have read the record before the job was deleted. */
	private static boolean isMarkedDeleted(JobRecord kept, JobMaps target) {
		return kept.upstreamId() != null && target.isDeleted(kept.upstreamId());
	}

	private boolean isKept(ImageJob job, JobRecord kept) {
		return !job.isDeleted() && (this.isHistoryKept || kept.state().isOpen() || JobMaps.isUndelivered(kept)
				|| kept.idempotencyKey() != null || job.isGivenUp());
	}

	/** The job drops them once AkashGen has taken them. */
	private void putMessages(ImageJob job, JobRecord kept, JobMaps target) {
		if (kept.state() != ImageJob.State.WAITING && !this.isHistoryKept) {
			target.removeMessages(kept.id());
		}
		else if (target.messages(kept.id()) == null) {
			List<Message> messages = job.conversation().messages();
			if (!messages.isEmpty() && job.conversation().encodedBytes() <= MAX_MESSAGES) {
				target.putMessages(kept.id(), this.format.writeMessages(messages));
			}
		}
	}

	@Override
	public Optional<ImageJob> findByIdempotencyKey(String idempotencyKey) {
		return change((target) -> Optional.ofNullable(target.idOf(idempotencyKey)).flatMap((id) -> read(id, target)));
	}

	@Override
	public List<String> findUndelivered(String digest, Instant oldest, int limit) {
		return change((target) -> target.undelivered(digest, ImageJob.firstIdAt(oldest), limit));
	}

	@Override
	public List<String> page(String key, @Nullable String before, int limit) {
		return change((target) -> target.page(key, before, limit));
	}

	@Override
	public Optional<String> findByUpstreamId(String upstreamId) {
		return change((target) -> Optional.ofNullable(target.idOfUpstream(upstreamId)));
	}

	@Override
	public Optional<ImageJob> find(String id) {
		return change((target) -> read(id, target));
	}

	private Optional<ImageJob> read(String id, JobMaps target) {
		return Optional.ofNullable(target.get(id)).flatMap(this.format::read).map((kept) -> restored(kept, target));
	}

	private ImageJob restored(JobRecord kept, JobMaps source) {
		return new ImageJob(kept, (kept.state() == ImageJob.State.WAITING) ? messages(kept.id(), source) : List.of());
	}

	private List<Message> messages(String id, JobMaps source) {
		String text = source.messages(id);
		return (text != null) ? this.format.readMessages(text) : List.of();
	}

	@Override
	public List<Message> messages(String id) {
		return change((target) -> messages(id, target));
	}

	@Override
	public Optional<String> findByImage(String key, String digest) {
		return change((target) -> Optional.ofNullable(target.idOfImage(key, digest)));
	}

	@Override
	public boolean isImageDeleted(String upstreamId) {
		return change((target) -> target.isDeleted(upstreamId));
	}

	@Override
	public void restore(Consumer<List<ImageJob>> restored) {
		var _ = this.restored.thenAccept(restored);
	}

	@Override
	public void removeExpired(Instant oldest, Instant adoptable) {
		change((target) -> {
			String first = ImageJob.firstIdAt(oldest);
			for (Iterator<String> ids = target.ids(); ids.hasNext();) {
				String id = ids.next();
				if (id.compareTo(first) >= 0) {
					break;
				}
				remove(id, target);
			}
			String oldestAdoptable = ImageJob.firstIdAt(adoptable);
			target.undelivered()
				.filter((id) -> id.compareTo(oldestAdoptable) < 0 && !this.openJobs.containsKey(id))
				.toList()
				.forEach((id) -> expire(id, target));
			return target;
		});
	}

	/** The same request takes the job up no longer. */
	private void expire(String id, JobMaps target) {
		String text = target.get(id);
		Optional<JobRecord> kept = (text != null) ? this.format.read(text) : Optional.empty();
		if (this.isHistoryKept && kept.isPresent()) {
			target.removeUndelivered(kept.get());
		}
		else {
			remove(id, target);
		}
	}

	private void remove(String id, JobMaps target) {
		this.openJobs.remove(id);
		target.remove(id, this.format);
	}

	@Override
	public void delete(ImageJob job) {
		change((target) -> {
			this.openJobs.remove(job.id());
			target.remove(job.toRecord());
			return target;
		});
	}

	/**
	 * MVStore leaves what was removed in the file, so the rest is copied to a new one.
	 */
	@Override
	public void eraseRemoved(Duration age) {
		JobMaps source = apply(Function.identity());
		if (!source.hasRemovedBefore(age)) {
			return;
		}
		Path next = beside(".erasing");
		try {
			Files.deleteIfExists(next);
			JobMaps target = new JobMaps(JobMaps.open(next), 0);
			try {
				source.copyWhileChangingTo(target, this.format,
						(copyLatest) -> replace(source, target, next, copyLatest));
			}
			finally {
				if (apply(Function.identity()) != target) {
					target.discard();
				}
			}
		}
		catch (IOException | UncheckedIOException | MVStoreException ex) {
			logger.warn("Cannot erase removed jobs from {}; tried again later: {}", this.file, ex.toString());
		}
	}

	private void replace(JobMaps source, JobMaps target, Path next, Runnable copyLatest) {
		this.lock.writeLock().lock();
		try {
			if (this.records == source) {
				copyLatest.run();
				target.sync();
				Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
				this.records = target;
				source.discard();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.lock.writeLock().unlock();
		}
	}

	/**
	 * If the file fails, only the open jobs are left until it works again.
	 */
	private <T> T change(Function<JobMaps, T> change) {
		try {
			return apply(change);
		}
		catch (MVStoreException ex) {
			moveToMemory(ex);
			return apply(change);
		}
	}

	private <T> T apply(Function<JobMaps, T> change) {
		this.lock.readLock().lock();
		try {
			return change.apply(this.records);
		}
		finally {
			this.lock.readLock().unlock();
		}
	}

	private void moveToMemory(Exception reason) {
		this.lock.writeLock().lock();
		try {
			if (this.records.isInFile()) {
				this.records.discard();
				this.records = JobMaps.inMemory();
				this.openJobs.values().forEach((job) -> put(job, this.records));
			}
			broken(reason);
		}
		finally {
			this.lock.writeLock().unlock();
		}
	}

	private void broken(Exception reason) {
		if (!this.isBroken) {
			this.isBroken = true;
			logger.warn("Cannot write jobs to {}; they are lost if the service ends: {}", this.file, reason.toString());
		}
	}

	/** Use the file, if it can be used again. */
	private void mend() {
		this.lock.writeLock().lock();
		try {
			if (this.records.isInFile() || this.timer.isShutdown()) {
				return;
			}
			Files.createDirectories(this.file.toAbsolutePath().getParent());
			List<ImageJob> left = new ArrayList<>();
			long bytes = merge(left);
			this.records = new JobMaps(JobMaps.open(this.file), bytes);
			if (this.isBroken) {
				this.isBroken = false;
				logger.info("Jobs are written to {} again", this.file);
			}
			left.forEach((job) -> this.openJobs.putIfAbsent(job.id(), job));
			this.restored.complete(left);
		}
		catch (IOException | RuntimeException ex) {
			broken(ex);
		}
		finally {
			this.lock.writeLock().unlock();
		}
	}

	/**
	 * Write a new file with what the old one has, and what is in memory.
	 * @param left receives the jobs of the last process that are open, or were given up
	 * @return the size of the records in the new file
	 */
	private long merge(List<ImageJob> left) throws IOException {
		long bytes;
		Path next = beside(".new");
		Files.deleteIfExists(next);
		try (MVStore store = JobMaps.open(next)) {
			JobMaps merged = new JobMaps(store, 0);
			this.records.copyTo(merged, this.format, (_) -> true);
			new JobFileReader(this.file).read((source) -> copy(source, merged, left));
			merged.sync();
			bytes = merged.bytes();
		}
		Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		return bytes;
	}

	private void copy(JobMaps source, JobMaps target, List<ImageJob> left) {
		source.copyTo(target, this.format, (kept) -> {
			ImageJob job = restored(kept, source);
			boolean isLeft = (kept.state().isOpen() || job.isGivenUp()) && !this.openJobs.containsKey(job.id());
			if (isLeft && !this.restored.isDone()) {
				left.add(job);
			}
			// One of this process has ended while the file failed.
			return !isLeft || !this.restored.isDone() || job.isGivenUp();
		});
	}

	private Path beside(String suffix) {
		return this.file.resolveSibling(this.file.getFileName() + suffix);
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.lock.writeLock().lock();
		try {
			this.records.close();
			// A job's thread may still end, which nobody can record any longer.
			this.records = JobMaps.inMemory();
		}
		finally {
			this.lock.writeLock().unlock();
		}
	}

}
