package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Removes the least recently used images of a directory when they exceed its size, or
 * when the volume is nearly full.
 * <p>
 * Between two sweeps, only what this process writes is counted. Other processes may write
 * to the same directory and sweep it too: each sweep counts all files.
 */
final class StoreSweeper {

	/** The size of the largest image. */
	private static final long LARGEST_IMAGE = 16L * 1024 * 1024;

	/** If other files fill the volume, a sweep for each image would be useless. */
	private static final Duration USELESS_PAUSE = Duration.ofSeconds(10);

	private final ImageDirectory directory;

	private final long maxBytes;

	private final LongSupplier missingOnVolume;

	private final Consumer<IOException> failures;

	private final AtomicLong temporaryBytes = new AtomicLong();

	/** As counted by the last sweep, plus what this process has stored since. */
	private final AtomicLong storedBytes = new AtomicLong();

	private final Lock sweeping = new ReentrantLock();

	/** By {@code System.nanoTime()}: the last sweep that had nothing to remove. */
	private volatile long lastUselessSweep = System.nanoTime() - USELESS_PAUSE.toNanos();

	private volatile boolean hasLegacyImages = true;

	/**
	 * Create a sweeper.
	 * @param maxBytes the size of all images at most
	 * @param missingOnVolume how many bytes too few are free on the volume
	 * @param failures told of files that cannot be removed
	 */
	StoreSweeper(ImageDirectory directory, long maxBytes, LongSupplier missingOnVolume,
			Consumer<IOException> failures) {
		this.directory = directory;
		this.maxBytes = maxBytes;
		this.missingOnVolume = missingOnVolume;
		this.failures = failures;
	}

	/** Count bytes in a temporary file. */
	void written(long bytes) {
		this.temporaryBytes.addAndGet(bytes);
		sweepIf(this::isOverBound);
	}

	/** The temporary file has been deleted. */
	void discarded(long bytes) {
		this.temporaryBytes.addAndGet(-bytes);
	}

	/** The temporary file has become an image. */
	void stored(long bytes) {
		this.temporaryBytes.addAndGet(-bytes);
		this.storedBytes.addAndGet(bytes);
		sweepIf(() -> isOverBound() || isVolumeShort());
	}

	private boolean isOverBound() {
		return this.storedBytes.get() + this.temporaryBytes.get() > this.maxBytes;
	}

	private boolean isVolumeShort() {
		return System.nanoTime() - this.lastUselessSweep > USELESS_PAUSE.toNanos()
				&& this.missingOnVolume.getAsLong() > 0;
	}

	/** Where several threads find the same, the first sweeps. */
	private void sweepIf(BooleanSupplier condition) {
		if (!condition.getAsBoolean()) {
			return;
		}
		this.sweeping.lock();
		try {
			if (condition.getAsBoolean()) {
				sweep();
			}
		}
		finally {
			this.sweeping.unlock();
		}
	}

	/**
	 * Remove images if writing has failed because the volume is full.
	 * @return whether there may be room now
	 */
	boolean makeRoom(IOException failure) {
		String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
		return (message.contains("space") || message.contains("quota"))
				&& sweepTo((stored) -> stored - LARGEST_IMAGE) > 0;
	}

	/** Whether the last sweep has seen images of version 0.1. */
	boolean hasLegacyImages() {
		return this.hasLegacyImages;
	}

	/**
	 * Count all images, and remove the least recently used if there are more than
	 * allowed, or if the volume is nearly full.
	 */
	void sweep() {
		if (sweepTo(this::target) == 0) {
			this.lastUselessSweep = System.nanoTime();
		}
	}

	private long target(long stored) {
		long allowed = this.maxBytes - this.temporaryBytes.get();
		// A little more, so that not every new image needs a sweep.
		long target = (stored > allowed) ? allowed - this.maxBytes / 10 : allowed;
		return Math.min(target, stored - Math.max(0, this.missingOnVolume.getAsLong()));
	}

	/**
	 * Remove images until no more bytes are left than that.
	 * @param target made from the bytes that are stored
	 * @return how many bytes were removed
	 */
	private long sweepTo(LongUnaryOperator target) {
		this.sweeping.lock();
		try {
			StoreInventory inventory = count();
			long targetBytes = target.applyAsLong(inventory.bytes());
			long removedNow = remove(inventory, targetBytes);
			long removed = removedNow;
			while (removedNow > 0 && inventory.bytes() - removedNow > targetBytes) {
				inventory = count();
				removedNow = remove(inventory, targetBytes);
				removed += removedNow;
			}
			return removed;
		}
		finally {
			this.sweeping.unlock();
		}
	}

	/** What is stored meanwhile counts, twice perhaps until the next sweep. */
	private StoreInventory count() {
		long before = this.storedBytes.get();
		StoreInventory inventory = new StoreInventory();
		this.directory.forEachFile(inventory::add);
		this.hasLegacyImages = inventory.hasLegacyImages();
		this.storedBytes.addAndGet(inventory.bytes() - before);
		return inventory;
	}

	private long remove(StoreInventory inventory, long targetBytes) {
		long removed = 0;
		for (SweepCandidate file : inventory.leastRecentlyUsed()) {
			if (inventory.bytes() - removed <= targetBytes) {
				break;
			}
			removed += remove(file);
		}
		this.storedBytes.addAndGet(-removed);
		return removed;
	}

	private long remove(SweepCandidate file) {
		try {
			Files.deleteIfExists(file.path());
			return file.bytes();
		}
		catch (IOException ex) {
			this.failures.accept(ex);
			return 0;
		}
	}

}
