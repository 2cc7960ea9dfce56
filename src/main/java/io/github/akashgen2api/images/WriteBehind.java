package io.github.akashgen2api.images;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes what is on disk, and the pictures that wait for it. They
 * can be had here until they are written, and are no more than a bound of bytes.
 */
final class WriteBehind implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(WriteBehind.class);

	/** What waits is more than its bytes. */
	private static final int MIN_BYTES = 16 * 1024;

	/** Together with the 35 seconds that callers have, less than Docker's 40. */
	private static final Duration LAST_WRITES = Duration.ofSeconds(4);

	private final int maxBytes;

	/** Fair: whoever came first has waited the longest. */
	private final Semaphore room;

	private final ConcurrentMap<JobId, Waiting> waiting = new ConcurrentHashMap<>();

	private final ExecutorService thread = Executors
		.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("picture-writer").factory());

	WriteBehind(int maxBytes) {
		this.maxBytes = maxBytes;
		this.room = new Semaphore(maxBytes, true);
	}

	/**
	 * Have a picture written in its turn, unless it waits already. Returns at once, but
	 * where there is no room for it: then when there is.
	 * @param write writes it, and returns whether it did
	 */
	void add(JobId id, Picture picture, Predicate<Picture> write) {
		int bytes = Math.clamp(picture.bytes().length, Math.min(MIN_BYTES, this.maxBytes), this.maxBytes);
		Waiting waiting = new Waiting(picture, bytes, new CompletableFuture<>());
		if (this.waiting.putIfAbsent(id, waiting) != null) {
			return;
		}
		this.room.acquireUninterruptibly(bytes);
		if (!add(() -> write(id, waiting, write))) {
			remove(id, waiting, false);
		}
	}

	/**
	 * Have something else done in its turn.
	 * @return whether it will be; nothing is after the end
	 */
	boolean add(Runnable work) {
		try {
			this.thread.execute(work);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	private void write(JobId id, Waiting waiting, Predicate<Picture> write) {
		boolean isWritten = false;
		try {
			isWritten = write.test(waiting.picture());
		}
		finally {
			remove(id, waiting, isWritten);
		}
	}

	private void remove(JobId id, Waiting waiting, boolean isWritten) {
		this.waiting.remove(id, waiting);
		this.room.release(waiting.bytes());
		waiting.isWritten().complete(isWritten);
	}

	/**
	 * A picture that waits, or is being written.
	 */
	@Nullable Picture picture(JobId id) {
		Waiting waiting = this.waiting.get(id);
		return (waiting != null) ? waiting.picture() : null;
	}

	/**
	 * Whether a picture that waits will have been written, completed on the thread that
	 * writes.
	 * @return {@code null} where it does not wait
	 */
	@Nullable CompletableFuture<Boolean> isWritten(JobId id) {
		Waiting waiting = this.waiting.get(id);
		return (waiting != null) ? waiting.isWritten().copy() : null;
	}

	/**
	 * Do what waits, and no more.
	 */
	@Override
	public void close() {
		this.thread.shutdown();
		try {
			if (!this.thread.awaitTermination(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.warn("{} pictures could not be written in time, and are not kept", this.waiting.size());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A picture on its way to the disk.
	 *
	 * @param picture the picture
	 * @param bytes the room that it takes
	 * @param isWritten completed at the end of its way
	 */
	private record Waiting(Picture picture, int bytes, CompletableFuture<Boolean> isWritten) {
	}

}
