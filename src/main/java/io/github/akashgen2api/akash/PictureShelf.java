package io.github.akashgen2api.akash;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of pictures that came inside of status answers lie until they are
 * fetched. A thousand may come in the same second, and some that nobody wants: beyond the
 * bound, the oldest are forgotten, and have to be asked for again.
 */
final class PictureShelf {

	/** What a picture counts at least, as remembering it takes room, too. */
	private static final int MIN_BYTES = 1024;

	private final Map<String, byte[]> pictures = new LinkedHashMap<>();

	private final long maxBytes;

	private long bytes;

	private long marks;

	/**
	 * Put up a shelf.
	 * @param maxBytes how much lies there at most; whatever it is, the last picture does
	 */
	PictureShelf(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Lay down a picture.
	 * @return what it is taken by
	 */
	synchronized String put(byte[] picture) {
		String mark = "#" + this.marks++;
		this.pictures.put(mark, picture);
		this.bytes += room(picture);
		Iterator<byte[]> oldestFirst = this.pictures.values().iterator();
		while (this.bytes > this.maxBytes && this.pictures.size() > 1) {
			this.bytes -= room(oldestFirst.next());
			oldestFirst.remove();
		}
		return mark;
	}

	/** A picture, for the only time; {@code null} for one that was forgotten. */
	synchronized byte @Nullable [] take(String mark) {
		byte[] picture = this.pictures.remove(mark);
		if (picture != null) {
			this.bytes -= room(picture);
		}
		return picture;
	}

	private static int room(byte[] picture) {
		return Math.max(picture.length, MIN_BYTES);
	}

}
