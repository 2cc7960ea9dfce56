package io.github.akashgen2api.budget;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * An amount that several keys share: places, or bytes. One key gets at most half of it
 * while another key holds some, or was refused in the last ten seconds; otherwise it may
 * get all.
 */
public final class FairBudget {

	/** Longer than refused clients wait before they repeat: 1 to 5 seconds. */
	private static final Duration MEMORY = Duration.ofSeconds(10);

	private final long total;

	private final LongSupplier nanoTime;

	private final Map<String, Long> held = new HashMap<>();

	/** When a key was last refused, in nanoseconds, unless it got some since. */
	private final Map<String, Long> refused = new HashMap<>();

	private long used;

	/**
	 * Create a budget of which nothing is used.
	 * @param total the amount to share
	 */
	public FairBudget(long total) {
		this(total, System::nanoTime);
	}

	FairBudget(long total, LongSupplier nanoTime) {
		this.total = total;
		this.nanoTime = nanoTime;
	}

	/**
	 * Take an amount, without waiting.
	 * @param key identifies the holder
	 * @return whether there was enough for this key; if not, nothing was taken
	 */
	public synchronized boolean tryAcquire(String key, long amount) {
		long now = this.nanoTime.getAsLong();
		long wanted = this.held.getOrDefault(key, 0L) + amount;
		boolean isEnough = this.used + amount <= this.total
				&& (wanted <= (this.total + 1) / 2 || !isWantedByOthers(key, now));
		if (isEnough) {
			this.used += amount;
			this.held.put(key, wanted);
			this.refused.remove(key);
		}
		else {
			this.refused.put(key, now);
		}
		return isEnough;
	}

	private boolean isWantedByOthers(String key, long now) {
		this.refused.values().removeIf((time) -> now - time > MEMORY.toNanos());
		return this.held.keySet().stream().anyMatch((other) -> !other.equals(key))
				|| this.refused.keySet().stream().anyMatch((other) -> !other.equals(key));
	}

	/**
	 * Give back an amount that was taken.
	 */
	public synchronized void release(String key, long amount) {
		this.used -= amount;
		this.held.computeIfPresent(key, (_, before) -> (before > amount) ? before - amount : null);
	}

}
