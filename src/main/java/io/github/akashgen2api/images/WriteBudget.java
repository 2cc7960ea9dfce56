package io.github.akashgen2api.images;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.github.akashgen2api.akash.ImageStorageException;

/**
 * Bounds the bytes of all images that are being written. They are taken in steps, so that
 * accounting for them costs little.
 */
final class WriteBudget {

	/** What one permit stands for. */
	static final int STEP = 64 * 1024;

	/** The largest image that is accepted. */
	private static final long MIN_BYTES = 16L * 1024 * 1024;

	private static final long MAX_BYTES = 256L * 1024 * 1024;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Semaphore available;

	/**
	 * Create a budget: half of the store, within limits.
	 * @param storeBytes the size of the whole store
	 */
	WriteBudget(long storeBytes) {
		this.available = new Semaphore((int) (Math.clamp(storeBytes / 2, MIN_BYTES, MAX_BYTES) / STEP), true);
	}

	/**
	 * Take one step. Waits while all are taken.
	 * @throws ImageStorageException if there was none in time
	 */
	void acquire() {
		try {
			if (!this.available.tryAcquire(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new ImageStorageException("too many images arrive at once");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ImageStorageException("interrupted");
		}
	}

	void release(int steps) {
		this.available.release(steps);
	}

}
