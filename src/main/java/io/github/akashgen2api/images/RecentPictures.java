package io.github.akashgen2api.images;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.akashgen2api.akash.Picture;
import org.jspecify.annotations.Nullable;

/**
 * The pictures last made or looked at, within a bound of bytes. Plainly the most recent
 * ones: a cache that weighs how often something was asked for would turn away the picture
 * just made, which is the one that somebody is about to look at.
 *
 * @param <K> what pictures are looked up by
 */
final class RecentPictures<K> {

	private final Lock lock = new ReentrantLock();

	private final Map<K, Picture> pictures = new LinkedHashMap<>(16, 0.75f, true);

	private final long maxBytes;

	private long bytes;

	RecentPictures(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	@Nullable Picture get(K key) {
		this.lock.lock();
		try {
			return this.pictures.get(key);
		}
		finally {
			this.lock.unlock();
		}
	}

	void put(K key, Picture picture) {
		if (picture.bytes().length > this.maxBytes) {
			return;
		}
		this.lock.lock();
		try {
			Picture replaced = this.pictures.put(key, picture);
			this.bytes += picture.bytes().length - ((replaced != null) ? replaced.bytes().length : 0);
			Iterator<Picture> oldestFirst = this.pictures.values().iterator();
			while (this.bytes > this.maxBytes) {
				this.bytes -= oldestFirst.next().bytes().length;
				oldestFirst.remove();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
