package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.akashgen2api.akash.Excerpt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk takes pictures. Tells the operator when that changes, and nothing in
 * between.
 */
final class DiskTrouble {

	private static final Logger logger = LoggerFactory.getLogger(DiskTrouble.class);

	private final Path directory;

	private final Duration pause;

	/** By {@code System.nanoTime()}; {@code null} while there is no trouble. */
	private volatile @Nullable Long pausedUntil;

	private final AtomicBoolean isUnreadable = new AtomicBoolean();

	/**
	 * Begin without trouble.
	 * @param directory what the operator is told
	 * @param pause how long the disk is left alone after it has failed
	 */
	DiskTrouble(Path directory, Duration pause) {
		this.directory = directory;
		this.pause = pause;
	}

	/**
	 * Whether the disk is not to be tried now.
	 */
	boolean isPausing() {
		Long pausedUntil = this.pausedUntil;
		return pausedUntil != null && System.nanoTime() - pausedUntil < 0;
	}

	/**
	 * The disk has failed, perhaps again.
	 */
	void met(IOException reason) {
		if (this.pausedUntil == null) {
			logger.warn("Pictures cannot be written to {}, and are kept in memory only until they can: {}",
					this.directory, Excerpt.printable(reason.toString()));
		}
		this.pausedUntil = System.nanoTime() + this.pause.toNanos();
	}

	/**
	 * Something that is there cannot be read. Said once: whoever asks for a picture could
	 * have it said again.
	 */
	void metReading(IOException reason) {
		if (this.isUnreadable.compareAndSet(false, true)) {
			logger.warn("Some of the pictures in {} cannot be read, and are fetched again: {}", this.directory,
					Excerpt.printable(reason.toString()));
		}
	}

	/**
	 * The disk has taken a picture.
	 * @return whether that is news
	 */
	boolean ended() {
		if (this.pausedUntil == null) {
			return false;
		}
		this.pausedUntil = null;
		logger.info("Pictures are written to {} again", this.directory);
		return true;
	}

}
