package io.github.akashgen2api.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

	private final MVStore store;

	private final MVMap<String, String> records;

	/** From the digest of an {@code Idempotency-Key} to the id. */
	private final MVMap<String, String> claims;

	/** The digest of a request and the id, of those that nobody has been told of. */
	private final MVMap<String, String> undelivered;

	/** The key's fingerprint and the id, of all jobs. */
	private final MVMap<String, String> byKey;

	/** From AkashGen's id to the id. */
	private final MVMap<String, String> byUpstreamId;

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

	void put(JobRecord kept, String text) {
		String before = this.records.put(kept.id(), text);
		this.bytes.addAndGet(text.length() - ((before != null) ? before.length() : 0));
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
		this.changes.incrementAndGet();
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
	}

	void removeUndelivered(JobRecord kept) {
		this.undelivered.remove(kept.digest() + "/" + kept.id());
	}

	/** For a record that cannot be read: the indexes may still name it. */
	void removeRecord(String id) {
		String before = this.records.remove(id);
		this.bytes.addAndGet((before != null) ? -before.length() : 0);
		this.changes.incrementAndGet();
	}

	/** The id that has the key already; {@code null} if this one has it now. */
	@Nullable String claim(String idempotencyKey, String id) {
		return this.claims.putIfAbsent(idempotencyKey, id);
	}

	void removeClaim(String idempotencyKey, String id) {
		this.claims.remove(idempotencyKey, id);
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
	 * Copy the records that can be read, except those that are there already.
	 * @param isWanted whether to copy one
	 */
	void copyTo(JobMaps target, JobRecordFormat format, Predicate<JobRecord> isWanted) {
		for (Iterator<String> ids = ids(); ids.hasNext();) {
			format.read(String.valueOf(get(ids.next()))).ifPresent((kept) -> {
				if (target.get(kept.id()) == null && isWanted.test(kept)) {
					target.put(kept, format.write(kept));
					if (kept.idempotencyKey() != null) {
						target.claim(kept.idempotencyKey(), kept.id());
					}
				}
			});
		}
	}

	void discard() {
		this.store.closeImmediately();
	}

	void close() {
		this.store.close();
	}

}
