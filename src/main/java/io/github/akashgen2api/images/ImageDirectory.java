package io.github.akashgen2api.images;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.ImageInspector;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.InvalidImageException;
import org.jspecify.annotations.Nullable;

/**
 * A directory of images, each a plain file of its own, {@code ab/<id>.webp}: there as a
 * whole, or not at all. Holds no list of them: the time of a file's last change is that
 * of its last use, and a sweep removes those used least recently.
 * <p>
 * A file is not forced to the disk, which takes as long as writing dozens. A power cut
 * within the next half minute may leave a part of it; that is recognised when it is
 * looked for, and AkashGen still has the image then.
 */
class ImageDirectory {

	/** What arrives at the same time, in bytes: a few images of the largest size. */
	private static final long MAX_ARRIVING = 256L * 1024 * 1024;

	/** The largest image that is taken. */
	private static final long MIN_ARRIVING = 16L * 1024 * 1024;

	private static final Duration ROOM_WITHIN = Duration.ofSeconds(10);

	/**
	 * What stays free on the volume, so that jobs can still be written: this or a tenth.
	 */
	private static final long FREE = 64L * 1024 * 1024;

	/** A file's time tells its use to no more than this, so that looks stay cheap. */
	private static final Duration TOUCH_EVERY = Duration.ofHours(1);

	/**
	 * A younger one may be another process's that still writes here while it hands over.
	 */
	private static final Duration LEFT_OVER = Duration.ofMinutes(10);

	/** Where others fill the volume, a sweep for each image would be in vain. */
	private static final Duration VAIN_PAUSE = Duration.ofSeconds(10);

	/** How many files one round of a sweep remembers, some hundred bytes each. */
	private static final int SWEPT_AT_ONCE = 4096;

	private static final String TEMPORARY = "new-";

	private final Path path;

	private final long maxBytes;

	private final Consumer<IOException> failures;

	/** In KiB: a semaphore counts with an {@code int}. */
	private final Semaphore arriving;

	private final AtomicLong arrivingBytes = new AtomicLong();

	/** As counted by the last sweep, and what came since. */
	private final AtomicLong keptBytes = new AtomicLong();

	private final Lock sweeping = new ReentrantLock();

	/** By {@code System.nanoTime()}: the last sweep that found nothing to remove. */
	private volatile long sweptInVain = System.nanoTime() - VAIN_PAUSE.toNanos();

	/**
	 * Name a directory.
	 * @param maxBytes how much is kept in it at most
	 * @param failures told of every failure to write
	 */
	ImageDirectory(Path path, long maxBytes, Consumer<IOException> failures) {
		this.path = path;
		this.maxBytes = maxBytes;
		this.failures = failures;
		this.arriving = new Semaphore((int) (Math.clamp(maxBytes / 2, MIN_ARRIVING, MAX_ARRIVING) / 1024), true);
	}

	Path path() {
		return this.path;
	}

	/**
	 * Create the directory, see that it can be written to, and remove what was being
	 * written when a process ended.
	 */
	void prepare() throws IOException {
		Files.createDirectories(this.path);
		Path probe = newTemporary();
		Files.write(probe, new byte[1]);
		Files.delete(probe);
		Instant leftOver = Instant.now().minus(LEFT_OVER);
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.path, TEMPORARY + "*.tmp")) {
			for (Path file : files) {
				if (Files.getLastModifiedTime(file).toInstant().isBefore(leftOver)) {
					Files.deleteIfExists(file);
				}
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
	}

	private Path newTemporary() {
		return this.path.resolve(TEMPORARY + UUID.randomUUID() + ".tmp");
	}

	ImageFileWriter open() throws IOException {
		return new ImageFileWriter(this, newTemporary());
	}

	/**
	 * Take room for bytes that are about to be written. Waits while too many are.
	 * @throws ImageStorageException if there was no room in time
	 */
	void reserve(int bytes) {
		try {
			if (!this.arriving.tryAcquire(bytes / 1024, ROOM_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new ImageStorageException("too many images arrive at once");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ImageStorageException("interrupted");
		}
	}

	/** Give the room back. */
	void release(int bytes) {
		this.arriving.release(bytes / 1024);
	}

	/**
	 * Count bytes that were written to a temporary file, or are in one no longer.
	 * @param bytes negative for the latter
	 */
	void arrived(long bytes) {
		this.arrivingBytes.addAndGet(bytes);
		sweepIfFull();
	}

	void failed(IOException reason) {
		this.failures.accept(reason);
	}

	/**
	 * Remove images where writing has failed because the volume is full.
	 * @return whether there may be room now
	 */
	boolean makeRoom(IOException failure) {
		String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
		return (message.contains("space") || message.contains("quota"))
				&& sweep(this.keptBytes.get() - MIN_ARRIVING) > 0;
	}

	/**
	 * Give a written file its name. An image that is there already is replaced: it is the
	 * same.
	 */
	StoredImage keep(Path temporary, ImageFileName name, ImageFormat format, long length) throws IOException {
		Path folder = this.path.resolve(name.folder());
		Path file = folder.resolve(name.stem() + "." + format.extension());
		try {
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (NoSuchFileException ex) {
			Files.createDirectories(folder);
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
		}
		this.keptBytes.addAndGet(length);
		arrived(-length);
		return new StoredImage(format, file, length);
	}

	void discard(Path temporary, Closeable file) {
		try (file) {
			Files.deleteIfExists(temporary);
		}
		catch (IOException ex) {
			// The next process removes it.
		}
	}

	/**
	 * The image of that name. Counts as a use.
	 */
	Optional<StoredImage> find(ImageFileName name) throws IOException {
		for (ImageFormat format : ImageFormat.values()) {
			Path file = this.path.resolve(name.folder()).resolve(name.stem() + "." + format.extension());
			if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
				Optional<StoredImage> found = read(file, format);
				if (found.isPresent()) {
					return found;
				}
			}
		}
		return Optional.empty();
	}

	private static Optional<StoredImage> read(Path file, ImageFormat format) throws IOException {
		try {
			BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class,
					LinkOption.NOFOLLOW_LINKS);
			if (attributes.isRegularFile() && isWhole(file, format)) {
				touch(file, attributes.lastModifiedTime().toInstant());
				return Optional.of(new StoredImage(format, file, attributes.size()));
			}
			Files.delete(file);
		}
		catch (NoSuchFileException ex) {
			// Removed since.
		}
		return Optional.empty();
	}

	/** By its ends: the whole of it was inspected when it was written. */
	private static boolean isWhole(Path file, ImageFormat format) throws IOException {
		try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
			return ImageInspector.formatOf(content) == format;
		}
		catch (InvalidImageException ex) {
			return false;
		}
	}

	/** If the time cannot be set, the file is removed sooner. */
	private static void touch(Path file, Instant usedAt) {
		Instant now = Instant.now();
		if (usedAt.isBefore(now.minus(TOUCH_EVERY))) {
			var _ = file.toFile().setLastModified(now.toEpochMilli());
		}
	}

	/**
	 * Remove an image and its conversions.
	 */
	void delete(ImageFileName name) throws IOException {
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.path.resolve(name.folder()),
				name.stem() + "[.@]*")) {
			for (Path file : files) {
				Files.deleteIfExists(file);
			}
		}
		catch (NoSuchFileException ex) {
			// There is none.
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		Files.deleteIfExists(legacy(name));
	}

	/** Where a version before 0.2 has stored an image. */
	Path legacy(ImageFileName name) {
		return this.path.resolve(name.folder()).resolve(name.legacy());
	}

	private void sweepIfFull() {
		boolean isShort = missingOnVolume() > 0 && System.nanoTime() - this.sweptInVain > VAIN_PAUSE.toNanos();
		if (this.keptBytes.get() + this.arrivingBytes.get() > this.maxBytes || isShort) {
			sweep();
		}
	}

	/**
	 * Remove those used least recently, if there are more than allowed or the volume is
	 * short of room.
	 */
	void sweep() {
		long allowed = this.maxBytes - this.arrivingBytes.get();
		// A little more, so that not every new image needs a sweep.
		long roomy = (this.keptBytes.get() > allowed) ? allowed - this.maxBytes / 10 : allowed;
		long missing = missingOnVolume();
		if (sweep((missing > 0) ? Math.min(roomy, this.keptBytes.get() - missing) : roomy) == 0) {
			this.sweptInVain = System.nanoTime();
		}
	}

	/** How many bytes too few are free on the volume; negative where enough are. */
	long missingOnVolume() {
		File volume = this.path.toFile();
		long total = volume.getTotalSpace();
		// 0 where the system does not tell.
		return (total > 0) ? Math.min(FREE, total / 10) - volume.getUsableSpace() : 0;
	}

	/**
	 * Count what is there, and remove those used least recently until no more than that
	 * is left.
	 * @return how many bytes were removed
	 */
	private long sweep(long maxBytes) {
		this.sweeping.lock();
		try {
			long removed = 0;
			while (true) {
				List<Found> oldest = new ArrayList<>();
				long before = this.keptBytes.get();
				long kept = count(oldest);
				long removedNow = 0;
				for (Found file : oldest) {
					if (kept - removedNow <= maxBytes) {
						break;
					}
					removedNow += remove(file);
				}
				// What comes meanwhile counts, twice perhaps until the next sweep.
				this.keptBytes.addAndGet(kept - removedNow - before);
				removed += removedNow;
				if (removedNow == 0 || kept - removedNow <= maxBytes) {
					return removed;
				}
			}
		}
		finally {
			this.sweeping.unlock();
		}
	}

	/**
	 * Count all.
	 * @param oldest is given those used least recently, in that order, but never the one
	 * used last: somebody is about to look at it
	 */
	private long count(List<Found> oldest) {
		PriorityQueue<Found> youngestFirst = new PriorityQueue<>(Comparator.comparing(Found::usedAt).reversed());
		long bytes = 0;
		int files = 0;
		for (Path folder : list(this.path)) {
			if (ImageFileName.isFolder(folder.getFileName().toString())) {
				for (Path file : list(folder)) {
					Found found = ImageFileName.isFile(file.getFileName().toString()) ? Found.of(file) : null;
					if (found != null) {
						bytes += found.bytes();
						files++;
						youngestFirst.add(found);
						if (youngestFirst.size() > SWEPT_AT_ONCE) {
							youngestFirst.remove();
						}
					}
				}
			}
		}
		if (files == youngestFirst.size()) {
			youngestFirst.poll();
		}
		oldest.addAll(youngestFirst);
		oldest.sort(Comparator.comparing(Found::usedAt));
		return bytes;
	}

	private List<Path> list(Path directory) {
		try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
			List<Path> list = new ArrayList<>();
			files.forEach(list::add);
			return list;
		}
		catch (NoSuchFileException | NotDirectoryException ex) {
			return List.of();
		}
		catch (IOException ex) {
			failed(ex);
			return List.of();
		}
		catch (DirectoryIteratorException ex) {
			failed(Objects.requireNonNull(ex.getCause()));
			return List.of();
		}
	}

	private long remove(Found file) {
		try {
			Files.deleteIfExists(file.path());
			return file.bytes();
		}
		catch (IOException ex) {
			failed(ex);
			return 0;
		}
	}

	/**
	 * A file of an image.
	 *
	 * @param path where it is
	 * @param bytes its length
	 * @param usedAt when it was last used
	 */
	private record Found(Path path, long bytes, FileTime usedAt) {

		static @Nullable Found of(Path file) {
			try {
				BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class,
						LinkOption.NOFOLLOW_LINKS);
				return attributes.isRegularFile() ? new Found(file, attributes.size(), attributes.lastModifiedTime())
						: null;
			}
			catch (IOException ex) {
				// Removed since, by an operator perhaps.
				return null;
			}
		}

	}

}
