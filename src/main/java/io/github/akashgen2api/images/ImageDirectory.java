package io.github.akashgen2api.images;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.ImageInspector;
import io.github.akashgen2api.akash.InvalidImageException;

/**
 * A directory of images, each a plain file of its own, {@code ab/<id>.webp}, which is
 * complete or absent. The modification time of a file is the time of its last use. Two
 * processes may share a directory, as during a handover.
 * <p>
 * A file is not forced to the disk, which takes as long as writing dozens. A power cut
 * within the next half minute may leave a part of it. That is recognised when the image
 * is next looked for, and AkashGen still has the image then.
 */
final class ImageDirectory {

	/** A use is recorded this exactly, so that looking for an image stays cheap. */
	private static final Duration TOUCH_INTERVAL = Duration.ofHours(1);

	/** A younger temporary file may be one that another process is writing. */
	private static final Duration LEFTOVER_AGE = Duration.ofMinutes(10);

	private static final String TEMPORARY = "new-";

	private final Path path;

	private final Consumer<IOException> failures;

	/** No other process uses names with this prefix. */
	private final String prefix = TEMPORARY + UUID.randomUUID() + "-";

	private final AtomicLong written = new AtomicLong();

	private final WriteBudget writes;

	private final StoreSweeper sweeper;

	/**
	 * Name a directory.
	 * @param maxBytes the size of all images in it at most
	 * @param failures told of everything that cannot be read, written or removed
	 */
	ImageDirectory(Path path, long maxBytes, Consumer<IOException> failures) {
		this(path, maxBytes, new StoreVolume(path)::missingBytes, failures);
	}

	ImageDirectory(Path path, long maxBytes, LongSupplier missingOnVolume, Consumer<IOException> failures) {
		this.path = path;
		this.failures = failures;
		this.writes = new WriteBudget(maxBytes);
		this.sweeper = new StoreSweeper(this, maxBytes, missingOnVolume, failures);
	}

	Path path() {
		return this.path;
	}

	/**
	 * Create the directory, check that it can be written to, and remove temporary files
	 * of processes that were killed.
	 */
	void prepare() throws IOException {
		Files.createDirectories(this.path);
		Path probe = newTemporaryFile();
		Files.write(probe, new byte[1]);
		Files.delete(probe);
		Instant youngest = Instant.now().minus(LEFTOVER_AGE);
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.path, TEMPORARY + "*.tmp")) {
			for (Path file : files) {
				if (Files.getLastModifiedTime(file).toInstant().isBefore(youngest)) {
					Files.deleteIfExists(file);
				}
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
	}

	private Path newTemporaryFile() {
		return this.path.resolve(this.prefix + this.written.incrementAndGet() + ".tmp");
	}

	/**
	 * Begin to write an image.
	 * @param listener told when it is stored
	 */
	ImageFileWriter open(StoredImageListener listener) throws IOException {
		return new ImageFileWriter(this, this.writes, this.sweeper, newTemporaryFile(), listener);
	}

	void failed(IOException failure) {
		this.failures.accept(failure);
	}

	/**
	 * Count all images, and remove those that are too many.
	 */
	void sweep() {
		this.sweeper.sweep();
	}

	/**
	 * Whether there may be images of version 0.1.
	 */
	boolean hasLegacyImages() {
		return this.sweeper.hasLegacyImages();
	}

	/**
	 * Give a complete temporary file its name. An image that is there already is
	 * replaced: it is the same.
	 */
	StoredImage store(Path temporary, ImageFileName name, ImageFormat format, long length) throws IOException {
		Path file = file(name, format);
		try {
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (NoSuchFileException ex) {
			Files.createDirectories(file.getParent());
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
		}
		return new StoredImage(format, file, length);
	}

	private Path file(ImageFileName name, ImageFormat format) {
		return this.path.resolve(name.folder() + "/" + name.stem() + "." + format.extension());
	}

	/** Where version 0.1 has stored an image. */
	Path legacyFile(ImageFileName name) {
		return this.path.resolve(name.folder() + "/" + name.legacy());
	}

	/**
	 * Find an image. Counts as a use.
	 */
	Optional<StoredImage> find(ImageFileName name) throws IOException {
		for (ImageFormat format : ImageFormat.values()) {
			Path file = file(name, format);
			if (file.toFile().exists()) {
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
			if (attributes.isRegularFile() && isComplete(file, format)) {
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
	private static boolean isComplete(Path file, ImageFormat format) throws IOException {
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
		if (usedAt.isBefore(now.minus(TOUCH_INTERVAL))) {
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
			// There is no image in this folder.
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		Files.deleteIfExists(legacyFile(name));
	}

	/**
	 * Pass on the file of every image, conversions included, in no particular order.
	 */
	void forEachFile(Consumer<SweepCandidate> files) {
		try {
			Files.walkFileTree(this.path, Set.of(), 2, new ImageFileVisitor(this.path, files, this.failures));
		}
		catch (IOException ex) {
			this.failures.accept(ex);
		}
	}

}
