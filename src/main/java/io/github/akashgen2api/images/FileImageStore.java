package io.github.akashgen2api.images;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.github.akashgen2api.akash.Excerpt;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Keeps images in a directory. Where nothing can be written there, or nothing shall be,
 * they are kept in the system's temporary directory, {@value #TEMPORARY_MEGABYTES} MB of
 * them at most, until this process ends.
 */
@Component
class FileImageStore implements ImageStore, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(FileImageStore.class);

	/** The temporary directory of a container is memory. */
	private static final int TEMPORARY_MEGABYTES = 32;

	private static final String TEMPORARY = "akashgen2api-images-";

	private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);

	/** {@code null} where no image is kept longer than this process. */
	private final @Nullable ImageDirectory directory;

	private final Duration pause;

	private final ImageDirectory temporary;

	/** When the directory is tried again; empty while it works. */
	private final AtomicReference<@Nullable Instant> pausedUntil = new AtomicReference<>();

	private final AtomicBoolean isUnreadable = new AtomicBoolean();

	private final ScheduledExecutorService sweeps = Executors
		.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("image-sweep").factory());

	FileImageStore(ImagesProperties settings) {
		this.pause = settings.storeRetry();
		this.directory = (settings.storeSize().bytes() > 0)
				? new ImageDirectory(settings.storeDir().path(), settings.storeSize().bytes(), this::failed) : null;
		this.temporary = new ImageDirectory(temporaryPath(), TEMPORARY_MEGABYTES * 1024L * 1024L, this::unreadable);
		if (this.directory != null) {
			prepare(this.directory);
			var _ = this.sweeps.scheduleWithFixedDelay(this.directory::sweep, 0, SWEEP_EVERY.toMillis(),
					TimeUnit.MILLISECONDS);
		}
	}

	private static Path temporaryPath() {
		return Path.of(System.getProperty("java.io.tmpdir"),
				TEMPORARY + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
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
		if (this.pausedUntil.getAndSet(Instant.now().plus(this.pause)) == null && this.directory != null) {
			logger.warn(
					"Cannot write images to {}. Until that works, {} MB at most are kept in the temporary "
							+ "directory: {}",
					this.directory.path(), TEMPORARY_MEGABYTES, Excerpt.printable(reason.toString()));
		}
	}

	/** Logged once: whoever asks for an image could have it logged again. */
	private void unreadable(IOException reason) {
		if (this.isUnreadable.compareAndSet(false, true)) {
			logger.warn("Cannot read some of the images, which are fetched again: {}",
					Excerpt.printable(reason.toString()));
		}
	}

	@Override
	public ImageFileWriter open() {
		try {
			if (this.directory != null && isWritable(this.directory)) {
				return this.directory.open();
			}
		}
		catch (IOException ex) {
			failed(ex);
		}
		try {
			// It is created when it is first needed; the system may clear it.
			if (!Files.isDirectory(this.temporary.path())) {
				deleteLeftOver();
				this.temporary.prepare();
			}
			return this.temporary.open();
		}
		catch (IOException ex) {
			throw new ImageStorageException(ex);
		}
	}

	private boolean isWritable(ImageDirectory directory) {
		Instant until = this.pausedUntil.get();
		return until == null || (!Instant.now().isBefore(until) && prepare(directory));
	}

	/** Of processes that were killed. */
	private static void deleteLeftOver() throws IOException {
		Path parent = temporaryPath().getParent();
		try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, TEMPORARY + "*")) {
			for (Path directory : directories) {
				String pid = directory.getFileName().toString().substring(TEMPORARY.length()).replaceFirst("-.*", "");
				if (pid.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
					FileSystemUtils.deleteRecursively(directory);
				}
			}
		}
	}

	@Override
	public Optional<StoredImage> find(JobId id) {
		ImageFileName name = ImageFileName.of(id);
		return find(name).or(() -> migrated(name));
	}

	@Override
	public Optional<StoredImage> findConversion(JobId id, String conversion) {
		return find(ImageFileName.of(id).converted(conversion));
	}

	private Optional<StoredImage> find(ImageFileName name) {
		Optional<StoredImage> found = (this.directory != null) ? find(this.directory, name) : Optional.empty();
		return found.or(() -> find(this.temporary, name));
	}

	private Optional<StoredImage> find(ImageDirectory directory, ImageFileName name) {
		try {
			return directory.find(name);
		}
		catch (IOException ex) {
			unreadable(ex);
			return Optional.empty();
		}
	}

	private Optional<StoredImage> migrated(ImageFileName name) {
		try {
			return (this.directory != null) ? LegacyImages.migrate(this.directory, name) : Optional.empty();
		}
		catch (IOException | ImageStorageException ex) {
			logger.warn("Cannot migrate an image of an earlier version: {}", Excerpt.printable(ex.toString()));
			return Optional.empty();
		}
	}

	@Override
	public StoredImage storeConversion(JobId id, String conversion, Consumer<OutputStream> encoder) {
		try (ImageFileWriter image = open()) {
			encoder.accept(image);
			return image.commit(ImageFileName.of(id).converted(conversion));
		}
	}

	@Override
	public void delete(JobId id) {
		ImageFileName name = ImageFileName.of(id);
		try {
			if (this.directory != null) {
				this.directory.delete(name);
			}
			this.temporary.delete(name);
		}
		catch (IOException ex) {
			throw new ImageStorageException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.sweeps.shutdownNow();
		FileSystemUtils.deleteRecursively(this.temporary.path());
	}

}
