package io.github.akashgen2api.images;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.ResponseExcerpt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Stores images in a directory. If it cannot be written to, or if its size is 0, images
 * are stored in the system's temporary directory, {@value #TEMPORARY_MEGABYTES} MB of
 * them at most, until this process ends.
 */
@Component
class FileImageStore implements ImageStore, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(FileImageStore.class);

	/** The temporary directory of a container is memory. */
	private static final int TEMPORARY_MEGABYTES = 32;

	/** {@code null} if images are stored temporarily only. */
	private final @Nullable ImageDirectory directory;

	private final ImageDirectory temporary;

	/** So that nothing is looked for in a directory that does not exist. */
	private final AtomicBoolean isTemporaryUsed = new AtomicBoolean();

	private final StoredImageListener listener;

	private final Duration retryAfter;

	/** When the directory is tried again; empty while it works. */
	private final AtomicReference<@Nullable Instant> pausedUntil = new AtomicReference<>();

	private final AtomicBoolean isUnreadable = new AtomicBoolean();

	private final ScheduledExecutorService sweeps = Executors
		.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("image-sweep").factory());

	FileImageStore(ImagesProperties settings, StoredImageListener listener) {
		this.listener = listener;
		this.retryAfter = settings.storeRetry();
		this.directory = (settings.storeSize().bytes() > 0)
				? new ImageDirectory(settings.storeDir().path(), settings.storeSize().bytes(), this::failed) : null;
		this.temporary = new ImageDirectory(TemporaryImages.newDirectory(), TEMPORARY_MEGABYTES * 1024L * 1024L,
				this::unreadable);
		if (this.directory != null) {
			prepare(this.directory);
			var _ = this.sweeps.scheduleWithFixedDelay(this.directory::sweep, 0, settings.sweepInterval().toMillis(),
					TimeUnit.MILLISECONDS);
		}
	}

	/** Whether the directory can be written to. */
	private boolean prepare(ImageDirectory directory) {
		try {
			directory.prepare();
		}
		catch (IOException ex) {
			failed(ex);
			return false;
		}
		if (this.pausedUntil.getAndSet(null) != null) {
			logger.info("Images are written to {} again", directory.path());
		}
		return true;
	}

	private void failed(IOException reason) {
		if (this.pausedUntil.getAndSet(Instant.now().plus(this.retryAfter)) == null && this.directory != null) {
			logger.warn(
					"Cannot write images to {}. Until that works, {} MB at most are stored in the temporary "
							+ "directory: {}",
					this.directory.path(), TEMPORARY_MEGABYTES, ResponseExcerpt.printable(reason.toString()));
		}
	}

	/** Logged once, as each request for an image could log it again. */
	private void unreadable(IOException reason) {
		if (this.isUnreadable.compareAndSet(false, true)) {
			logger.warn("Cannot read some of the images, which are fetched again: {}",
					ResponseExcerpt.printable(reason.toString()));
		}
	}

	@Override
	public ImageFileWriter open() {
		try {
			if (this.directory != null && isWritable(this.directory)) {
				return this.directory.open(this.listener);
			}
		}
		catch (IOException ex) {
			failed(ex);
		}
		try {
			// It is created when it is first needed; the system may clear it.
			if (!Files.isDirectory(this.temporary.path())) {
				TemporaryImages.deleteLeftovers();
				this.temporary.prepare();
				this.isTemporaryUsed.set(true);
			}
			return this.temporary.open(this.listener);
		}
		catch (IOException ex) {
			throw new ImageStorageException(ex);
		}
	}

	private boolean isWritable(ImageDirectory directory) {
		Instant until = this.pausedUntil.get();
		return until == null || (!Instant.now().isBefore(until) && prepare(directory));
	}

	@Override
	public Optional<StoredImage> find(JobId id) {
		ImageFileName name = ImageFileName.of(id);
		return find(name).or(() -> migrated(id, name));
	}

	@Override
	public Optional<StoredImage> findConversion(JobId id, String conversion) {
		return find(ImageFileName.of(id).converted(conversion));
	}

	private Optional<StoredImage> find(ImageFileName name) {
		for (ImageDirectory directory : directories()) {
			try {
				Optional<StoredImage> found = directory.find(name);
				if (found.isPresent()) {
					return found;
				}
			}
			catch (IOException ex) {
				unreadable(ex);
			}
		}
		return Optional.empty();
	}

	/** Those that may hold images. */
	private List<ImageDirectory> directories() {
		List<ImageDirectory> directories = new ArrayList<>(2);
		if (this.directory != null) {
			directories.add(this.directory);
		}
		if (this.isTemporaryUsed.get()) {
			directories.add(this.temporary);
		}
		return directories;
	}

	private Optional<StoredImage> migrated(JobId id, ImageFileName name) {
		try {
			return (this.directory != null && this.directory.hasLegacyImages())
					? LegacyImages.migrate(this.directory, id, name, this.listener) : Optional.empty();
		}
		catch (IOException | ImageStorageException ex) {
			logger.warn("Cannot migrate an image of version 0.1: {}", ResponseExcerpt.printable(ex.toString()));
			return Optional.empty();
		}
	}

	@Override
	public StoredImage storeConversion(JobId id, String conversion, Consumer<OutputStream> encoder) {
		try (ImageFileWriter image = open()) {
			encoder.accept(image);
			return image.commit(id, ImageFileName.of(id).converted(conversion));
		}
	}

	@Override
	public void delete(JobId id) {
		ImageFileName name = ImageFileName.of(id);
		try {
			for (ImageDirectory directory : directories()) {
				directory.delete(name);
			}
		}
		catch (IOException ex) {
			throw new ImageStorageException(ex);
		}
	}

	@Override
	public void list(Consumer<StoredImage> images) {
		for (ImageDirectory directory : directories()) {
			directory.forEachFile((file) -> {
				for (ImageFormat format : ImageFormat.values()) {
					if (file.name().endsWith("." + format.extension())) {
						images.accept(new StoredImage(format, file.path(), file.bytes()));
					}
				}
			});
		}
	}

	@Override
	public void close() throws IOException {
		this.sweeps.shutdownNow();
		FileSystemUtils.deleteRecursively(this.temporary.path());
	}

}
