package io.github.akashgen2api.budget;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * An amount that several keys share, such as bytes. One key gets at most half of it while
 * another key holds some, or was refused in the last ten seconds. Otherwise it may get
 * all.
 */
public final class FairBudget {

	/** Longer than refused clients wait before they repeat, which is 1 to 5 seconds. */
	private static final Duration REFUSAL_MEMORY = Duration.ofSeconds(10);

	private final long total;

	private final LongSupplier nanoTime;

	private final Map<String, Long> held = new HashMap<>();

	/** The time of a key's last refusal, in nanoseconds, until it gets some. */
	private final Map<String, Long> refused = new HashMap<>();

	private long used;

	/**
	 * Create an unused budget.
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
	 * Acquire an amount, without waiting.
	 * @param key identifies the holder
	 * @return whether there was enough for this key; if not, nothing was acquired
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
		this.refused.values().removeIf((time) -> now - time > REFUSAL_MEMORY.toNanos());
		return this.held.keySet().stream().anyMatch((other) -> !other.equals(key))
				|| this.refused.keySet().stream().anyMatch((other) -> !other.equals(key));
	}

	/**
	 * Release an amount that was acquired.
	 */
	public synchronized void release(String key, long amount) {
		this.used -= amount;
		this.held.computeIfPresent(key, (_, before) -> (before > amount) ? before - amount : null);
	}

}
