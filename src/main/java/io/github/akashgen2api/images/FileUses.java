package io.github.akashgen2api.images;

import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Which pictures are on disk, in the order of their use, and what they take there. Looks
 * at no file itself, and takes some hundred bytes of memory for each.
 */
final class FileUses {

	/** A file's time tells its use to no more than this, so that looks stay cheap. */
	private static final long TOUCH_EVERY = TimeUnit.HOURS.toMillis(1);

	private final Map<PictureName, Use> uses = new LinkedHashMap<>(16, 0.75f, true);

	private final long maxBytes;

	private final long maxFiles;

	private long bytes;

	private boolean isArranged;

	FileUses(long maxBytes, long maxFiles) {
		this.maxBytes = maxBytes;
		this.maxFiles = maxFiles;
	}

	/**
	 * Take note of a file that was there before, at any place in the order.
	 */
	synchronized void found(PictureFiles.Found file) {
		if (!this.uses.containsKey(file.name())) {
			put(file.name(), new Use(file.bytes(), file.usedAt(), false));
		}
	}

	/**
	 * Put all in the order of their use, after those that were there have been found.
	 */
	synchronized void arrange() {
		List<Map.Entry<PictureName, Use>> inOrder = this.uses.entrySet()
			.stream().<Map
					.Entry<PictureName, Use>>map(Map.Entry::copyOf)
			.sorted(Comparator.comparingLong((entry) -> entry.getValue().touchedAt))
			.toList();
		this.uses.clear();
		inOrder.forEach((entry) -> this.uses.put(entry.getKey(), entry.getValue()));
		this.isArranged = true;
	}

	/**
	 * Take note of a file that was written.
	 */
	synchronized void written(PictureName name, long bytes) {
		put(name, new Use(bytes, System.currentTimeMillis(), true));
	}

	/**
	 * Take note of a file that was read, and was whole.
	 * @return whether to renew its time
	 */
	synchronized boolean read(PictureName name, long bytes) {
		Use use = this.uses.get(name);
		put(name, new Use(bytes, (use != null) ? use.touchedAt : 0, true));
		return looked(name);
	}

	/**
	 * Take note that a picture was looked at, if it is on disk.
	 * @return whether to renew its file's time
	 */
	synchronized boolean looked(PictureName name) {
		long now = System.currentTimeMillis();
		Use use = this.uses.get(name);
		if (use == null || now - use.touchedAt < TOUCH_EVERY) {
			return false;
		}
		use.touchedAt = now;
		return true;
	}

	/**
	 * Whether a file is known to be whole, as it was written or read.
	 */
	synchronized boolean isWhole(PictureName name) {
		Use use = this.uses.get(name);
		return use != null && use.isWhole;
	}

	synchronized boolean contains(PictureName name) {
		return this.uses.containsKey(name);
	}

	synchronized void forget(PictureName name) {
		Use forgotten = this.uses.remove(name);
		this.bytes -= (forgotten != null) ? forgotten.bytes : 0;
	}

	/**
	 * What has to go for there to be room, one at a time; it is forgotten. Nothing has to
	 * while it is not known what was used least recently.
	 * @param room the bytes of the file to come; 0 for none
	 * @return {@code null} where there is room
	 */
	synchronized @Nullable PictureName takeOldest(long room) {
		Iterator<PictureName> oldestFirst = this.uses.keySet().iterator();
		long files = this.uses.size() + ((room > 0) ? 1L : 0L);
		boolean isRoom = this.bytes + room <= this.maxBytes && files <= this.maxFiles;
		if (!this.isArranged || isRoom || !oldestFirst.hasNext()) {
			return null;
		}
		PictureName oldest = oldestFirst.next();
		forget(oldest);
		return oldest;
	}

	private void put(PictureName name, Use use) {
		Use replaced = this.uses.put(name, use);
		this.bytes += use.bytes - ((replaced != null) ? replaced.bytes : 0);
	}

	/**
	 * What is known of a file.
	 */
	private static final class Use {

		private final long bytes;

		private final boolean isWhole;

		private long touchedAt;

		Use(long bytes, long touchedAt, boolean isWhole) {
			this.bytes = bytes;
			this.touchedAt = touchedAt;
			this.isWhole = isWhole;
		}

	}

}
