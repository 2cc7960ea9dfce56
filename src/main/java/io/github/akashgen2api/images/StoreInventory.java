package io.github.akashgen2api.images;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What a sweep finds in a directory: how much there is, and which files were used least
 * recently. It remembers only some of the files, as there may be very many.
 */
final class StoreInventory {

	/** Some hundred bytes each. */
	private static final int MAX_FILES = 4096;

	private final PriorityQueue<SweepCandidate> mostRecentFirst = new PriorityQueue<>(
			Comparator.comparing(SweepCandidate::usedAt).reversed());

	private long bytes;

	private int files;

	private boolean hasLegacyImages;

	void add(SweepCandidate file) {
		this.bytes += file.bytes();
		this.files++;
		this.hasLegacyImages |= ImageFileName.isLegacy(file.name());
		this.mostRecentFirst.add(file);
		if (this.mostRecentFirst.size() > MAX_FILES) {
			this.mostRecentFirst.remove();
		}
	}

	/** The bytes of all files. */
	long bytes() {
		return this.bytes;
	}

	/** Whether there are images of version 0.1. */
	boolean hasLegacyImages() {
		return this.hasLegacyImages;
	}

	/**
	 * The least recently used files, in this order. The most recently used one of all is
	 * never among them: a client is about to fetch it.
	 */
	List<SweepCandidate> leastRecentlyUsed() {
		List<SweepCandidate> oldest = new ArrayList<>(this.mostRecentFirst);
		oldest.sort(Comparator.comparing(SweepCandidate::usedAt));
		return (oldest.size() == this.files) ? oldest.subList(0, Math.max(0, this.files - 1)) : oldest;
	}

}
