package io.github.akashgen2api.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/**
 * The maps of one MVStore: the records by their ids, which sort by time, and indexes.
 */
final class JobMaps {

	/** While the disk is busy, what comes within this time is written together. */
	private static final long BETWEEN_COMMITS = Duration.ofMillis(5).toNanos();

	private static final String AFTER_ALL_IDS = "job_~";

	private static final Duration KEEP_DELETED = Duration.ofDays(365);

	private static final int MAX_DELETED = 200_000;

	private final MVStore store;

	private final MVMap<String, String> records;

	/** What AkashGen was sent, or is to be sent, by the ids. */
	private final MVMap<String, String> messages;

	/** From the digest of an {@code Idempotency-Key} to the id. */
	private final MVMap<String, String> claims;

	/** The digest of a request and the id, of those that nobody has been told of. */
	private final MVMap<String, String> undelivered;

	/** The key's fingerprint and the id, of all jobs. */
	private final MVMap<String, String> byKey;

	/** From AkashGen's id to the id. */
	private final MVMap<String, String> byUpstreamId;

	/** The key's fingerprint, the digest of an image and the id. */
	private final MVMap<String, String> byImage;

	/** From AkashGen's ids of deleted images to the seconds since 1970. */
	private final MVMap<String, Long> deletedImages;

	/** The ids of records that were changed, while they are copied. */
	private final AtomicReference<@Nullable Set<String>> changedIds = new AtomicReference<>();

	/** By {@code System.nanoTime()}: the first removal; {@code null} before. */
	private final AtomicReference<@Nullable Long> removedAt = new AtomicReference<>();

	/** Of all records, in characters, of which most take one byte. */
	private final AtomicLong bytes = new AtomicLong();

	private final AtomicLong changes = new AtomicLong();

	private final ReentrantLock commitLock = new ReentrantLock();

	/** How many changes are written. */
	private long committed;

	private long lastCommit = System.nanoTime() - BETWEEN_COMMITS;

	/**
	 * Use the maps of a store.
	 * @param bytes the size of the records in it
	 */
	JobMaps(MVStore store, long bytes) {
		this.store = store;
		this.bytes.set(bytes);
		this.records = store.openMap("jobs");
		this.claims = store.openMap("idempotency-keys");
		this.undelivered = store.openMap("undelivered");
		this.byKey = store.openMap("by-key");
		this.byUpstreamId = store.openMap("by-upstream-id");
		this.messages = store.openMap("messages");
		this.byImage = store.openMap("by-image");
		this.deletedImages = store.openMap("deleted-images");
	}

	static JobMaps inMemory() {
		return new JobMaps(new MVStore.Builder().open(), 0);
	}

	/** Of pages, a megabyte is kept in memory. */
	static MVStore open(Path file) {
		return new MVStore.Builder().fileName(file.toString()).cacheSize(1).open();
	}

	boolean isInFile() {
		return this.store.isPersistent();
	}

	@Nullable String get(String id) {
		return this.records.get(id);
	}

	/** What AkashGen was sent, or is to be sent, as text. */
	@Nullable String messages(String id) {
		return this.messages.get(id);
	}

	void put(JobRecord kept, String text) {
		String before = this.records.put(kept.id(), text);
		this.bytes.addAndGet(text.length() - length(before));
		if (isUndelivered(kept)) {
			this.undelivered.put(kept.digest() + "/" + kept.id(), kept.id());
		}
		else {
			removeUndelivered(kept);
		}
		this.byKey.put(kept.key() + "/" + kept.id(), kept.id());
		if (kept.upstreamId() != null) {
			this.byUpstreamId.put(kept.upstreamId(), kept.id());
		}
		kept.images().forEach((digest) -> this.byImage.put(imageKey(kept, digest), kept.id()));
		changed(kept.id());
	}

	void putMessages(String id, String text) {
		this.bytes.addAndGet(text.length() - length(this.messages.put(id, text)));
		changed(id);
	}

	private static int length(@Nullable String text) {
		return (text != null) ? text.length() : 0;
	}

	private static String imageKey(JobRecord kept, String digest) {
		return kept.key() + "/" + digest + "/" + kept.id();
	}

	private void changed(String id) {
		Set<String> ids = this.changedIds.get();
		if (ids != null) {
			ids.add(id);
		}
		this.changes.incrementAndGet();
	}

	/** The image is never to be fetched again. */
	void markDeleted(String upstreamId, Instant now) {
		if (this.deletedImages.size() >= MAX_DELETED) {
			this.deletedImages.remove(this.deletedImages.firstKey());
		}
		this.deletedImages.put(upstreamId, now.getEpochSecond());
		this.changes.incrementAndGet();
	}

	boolean isDeleted(String upstreamId) {
		return this.deletedImages.containsKey(upstreamId);
	}

	/** Whether the same request may take the job up. */
	static boolean isUndelivered(JobRecord kept) {
		return kept.idempotencyKey() == null && !kept.delivered();
	}

	void remove(JobRecord kept) {
		removeRecord(kept.id());
		removeUndelivered(kept);
		this.byKey.remove(kept.key() + "/" + kept.id());
		if (kept.upstreamId() != null) {
			this.byUpstreamId.remove(kept.upstreamId(), kept.id());
		}
		if (kept.idempotencyKey() != null) {
			removeClaim(kept.idempotencyKey(), kept.id());
		}
		kept.images().forEach((digest) -> this.byImage.remove(imageKey(kept, digest)));
	}

	void removeUndelivered(JobRecord kept) {
		this.undelivered.remove(kept.digest() + "/" + kept.id());
	}

	void remove(String id, JobRecordFormat format) {
		String text = get(id);
		Optional<JobRecord> kept = (text != null) ? format.read(text) : Optional.empty();
		kept.ifPresentOrElse(this::remove, () -> removeRecord(id));
	}

	/** For a record that cannot be read: the indexes may still name it. */
	private void removeRecord(String id) {
		String before = this.records.remove(id);
		this.bytes.addAndGet(-length(before));
		removeMessages(id);
		changed(id);
		if (before != null) {
			this.removedAt.compareAndSet(null, System.nanoTime());
		}
	}

	void removeMessages(String id) {
		String before = this.messages.remove(id);
		if (before != null) {
			this.bytes.addAndGet(-before.length());
			changed(id);
			this.removedAt.compareAndSet(null, System.nanoTime());
		}
	}

	/**
	 * Whether words were removed some time ago. MVStore does not overwrite them.
	 */
	boolean hasRemovedBefore(Duration age) {
		Long at = this.removedAt.get();
		return at != null && isInFile() && System.nanoTime() - at >= age.toNanos();
	}

	/** The id that has the key already; {@code null} if this one has it now. */
	@Nullable String claim(String idempotencyKey, String id) {
		return this.claims.putIfAbsent(idempotencyKey, id);
	}

	void removeClaim(String idempotencyKey, String id) {
		if (this.claims.remove(idempotencyKey, id)) {
			changed(id);
		}
	}

	@Nullable String idOf(String idempotencyKey) {
		return this.claims.get(idempotencyKey);
	}

	@Nullable String idOfUpstream(String upstreamId) {
		return this.byUpstreamId.get(upstreamId);
	}

	/**
	 * The ids of a key's jobs, newest first.
	 * @param before the id after which the page begins; {@code null} for the first page
	 */
	List<String> page(String key, @Nullable String before, int limit) {
		String prefix = key + "/";
		String from = this.byKey.lowerKey(prefix + ((before != null) ? before : AFTER_ALL_IDS));
		return (from != null) ? ids(this.byKey.cursor(from, null, true), prefix, limit) : List.of();
	}

	/**
	 * The newest job of a key whose image, or a conversion of it, has a digest.
	 * @return its id; {@code null} if there is no such job
	 */
	@Nullable String idOfImage(String key, String digest) {
		String prefix = key + "/" + digest + "/";
		String last = this.byImage.lowerKey(prefix + AFTER_ALL_IDS);
		return (last != null && last.startsWith(prefix)) ? last.substring(prefix.length()) : null;
	}

	/** The ids, oldest first. */
	Iterator<String> ids() {
		return this.records.keyIterator(null);
	}

	/**
	 * The ids of a request's jobs that nobody has been told of, oldest first.
	 * @param first ids that sort before it are left out
	 */
	List<String> undelivered(String digest, String first, int limit) {
		String prefix = digest + "/";
		return ids(this.undelivered.keyIterator(prefix + first), prefix, limit);
	}

	private static List<String> ids(Iterator<String> keys, String prefix, int limit) {
		List<String> ids = new ArrayList<>();
		while (ids.size() < limit && keys.hasNext()) {
			String key = keys.next();
			if (!key.startsWith(prefix)) {
				break;
			}
			ids.add(key.substring(prefix.length()));
		}
		return ids;
	}

	Stream<String> undelivered() {
		return this.undelivered.values().stream();
	}

	int size() {
		return this.records.size();
	}

	/** The size of all records. */
	long bytes() {
		return this.bytes.get();
	}

	/** Write what was changed before, unless another thread has. */
	void commit() {
		long wanted = this.changes.get();
		this.commitLock.lock();
		try {
			if (this.committed >= wanted || !isInFile()) {
				return;
			}
			LockSupport.parkNanos(this.lastCommit + BETWEEN_COMMITS - System.nanoTime());
			wanted = this.changes.get();
			this.store.commit();
			this.committed = wanted;
			this.lastCommit = System.nanoTime();
		}
		finally {
			this.commitLock.unlock();
		}
	}

	/**
	 * Copy the records that can be read, except those that are there already, and the
	 * marks of deleted images.
	 * @param isWanted whether to copy one
	 */
	void copyTo(JobMaps target, JobRecordFormat format, Predicate<JobRecord> isWanted) {
		ids().forEachRemaining((id) -> copyTo(target, format, id, isWanted));
		copyDeletedTo(target);
	}

	private void copyTo(JobMaps target, JobRecordFormat format, String id, Predicate<JobRecord> isWanted) {
		String text = get(id);
		Optional<JobRecord> read = (text != null) ? format.read(text) : Optional.empty();
		read.filter((kept) -> target.get(kept.id()) == null).filter(isWanted).ifPresent((kept) -> {
			target.put(kept, format.write(kept));
			String words = messages(id);
			if (words != null) {
				target.putMessages(kept.id(), words);
			}
			String idempotencyKey = kept.idempotencyKey();
			if (idempotencyKey != null && id.equals(this.claims.getOrDefault(idempotencyKey, id))) {
				target.claim(idempotencyKey, kept.id());
			}
		});
	}

	private void copyDeletedTo(JobMaps target) {
		long oldest = Instant.now().minus(KEEP_DELETED).getEpochSecond();
		for (Cursor<String, Long> marks = this.deletedImages.cursor(null); marks.hasNext();) {
			String id = marks.next();
			if (marks.getValue() >= oldest) {
				target.deletedImages.put(id, marks.getValue());
			}
		}
	}

	/**
	 * Copy everything while it is being changed.
	 * @param whileUnchanged runs its argument, which copies the latest changes, while
	 * nothing is changed
	 */
	void copyWhileChangingTo(JobMaps target, JobRecordFormat format, Consumer<Runnable> whileUnchanged) {
		Set<String> changed = ConcurrentHashMap.newKeySet();
		this.changedIds.set(changed);
		try {
			copyTo(target, format, (_) -> true);
			whileUnchanged.accept(() -> {
				changed.forEach((id) -> target.remove(id, format));
				changed.forEach((id) -> copyTo(target, format, id, (_) -> true));
				copyDeletedTo(target);
			});
		}
		finally {
			this.changedIds.set(null);
		}
	}

	/** Write everything to the disk. */
	void sync() {
		this.store.commit();
		this.store.sync();
	}

	void discard() {
		this.store.closeImmediately();
	}

	void close() {
		this.store.close();
	}

}
