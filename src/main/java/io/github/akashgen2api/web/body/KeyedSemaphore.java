package io.github.akashgen2api.web.body;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A fair semaphore of which one key gets at most half of the permits.
 */
final class KeyedSemaphore {

	private final Semaphore permits;

	private final int permitsPerKey;

	private final Map<String, Semaphore> permitsByKey = new ConcurrentHashMap<>();

	KeyedSemaphore(int permits) {
		this.permits = new Semaphore(permits, true);
		this.permitsPerKey = Math.max(1, permits / 2);
	}

	/**
	 * Acquire a permit. An interrupt ends the wait without a permit and leaves the flag
	 * set.
	 * @return whether a permit became available within the time
	 */
	boolean tryAcquire(String key, Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		Semaphore ofKey = this.permitsByKey.computeIfAbsent(key, (_) -> new Semaphore(this.permitsPerKey, true));
		return tryAcquire(ofKey, end) && (tryAcquire(this.permits, end) || giveUp(ofKey));
	}

	private static boolean tryAcquire(Semaphore semaphore, long end) {
		try {
			return semaphore.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private static boolean giveUp(Semaphore ofKey) {
		ofKey.release();
		return false;
	}

	/**
	 * Release a permit that this key has acquired.
	 */
	void release(String key) {
		this.permits.release();
		Objects.requireNonNull(this.permitsByKey.get(key)).release();
	}

}
