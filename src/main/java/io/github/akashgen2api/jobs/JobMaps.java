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
 * The maps of one MVStore: the records by their ids, which sort by time, and two indexes.
 */
final class JobMaps {

	/** While the disk is busy, what comes within this time is written together. */
	private static final long BETWEEN_COMMITS = Duration.ofMillis(5).toNanos();

	private final MVStore store;

	private final MVMap<String, String> records;

	/** From the digest of an {@code Idempotency-Key} to the id. */
	private final MVMap<String, String> claims;

	/** The digest of a request and the id, of those that nobody has been told of. */
	private final MVMap<String, String> undelivered;

	private final AtomicLong changes = new AtomicLong();

	private final ReentrantLock commitLock = new ReentrantLock();

	/** How many changes are written. */
	private long committed;

	private long lastCommit = System.nanoTime() - BETWEEN_COMMITS;

	JobMaps(MVStore store) {
		this.store = store;
		this.records = store.openMap("jobs");
		this.claims = store.openMap("idempotency-keys");
		this.undelivered = store.openMap("undelivered");
	}

	static JobMaps inMemory() {
		return new JobMaps(new MVStore.Builder().open());
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

	void put(String id, String text, String digest, boolean isUndelivered) {
		this.records.put(id, text);
		if (isUndelivered) {
			this.undelivered.put(digest + "/" + id, id);
		}
		else {
			this.undelivered.remove(digest + "/" + id);
		}
		this.changes.incrementAndGet();
	}

	void remove(String id, String digest, @Nullable String idempotencyKey) {
		this.records.remove(id);
		this.undelivered.remove(digest + "/" + id);
		if (idempotencyKey != null) {
			removeClaim(idempotencyKey, id);
		}
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

	/** The ids, oldest first. */
	Iterator<String> ids() {
		return this.records.keyIterator(null);
	}

	/** From the one that sorts first to those that sort last. */
	List<String> undelivered(String digest, String first, int limit) {
		List<String> ids = new ArrayList<>();
		String prefix = digest + "/";
		for (Iterator<String> keys = this.undelivered.keyIterator(prefix + first); keys.hasNext()
				&& ids.size() < limit;) {
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
					target.put(kept.id(), format.write(kept), kept.digest(),
							kept.idempotencyKey() == null && !kept.delivered());
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
