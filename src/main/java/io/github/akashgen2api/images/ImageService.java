package io.github.akashgen2api.images;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.ImageLocation;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.futures.Futures;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;

import org.springframework.stereotype.Service;

/**
 * Fetches the images of finished jobs, each once however many clients ask, and stores
 * them, as AkashGen's own links may not last.
 */
@Service
public class ImageService {

	private final AkashGenClient akashGen;

	private final ImageStore store;

	private final DeletedImages deleted;

	private final Retry downloads;

	/** Bounds the connections and buffers that a burst of finished jobs takes. */
	private final Semaphore places;

	private final ConversionQueue conversions;

	/** The images that are being fetched. */
	private final ConcurrentMap<JobId, CompletableFuture<StoredImage>> arriving = new ConcurrentHashMap<>();

	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("image-download-", 0).factory());

	ImageService(AkashGenClient akashGen, ImageStore store, DeletedImages deleted, ConversionQueue conversions,
			ImagesProperties settings) {
		this.akashGen = akashGen;
		this.store = store;
		this.deleted = deleted;
		this.conversions = conversions;
		this.places = new Semaphore(settings.downloadsAtOnce(), true);
		this.downloads = Retry.of("image-downloads",
				RetryConfig.custom()
					.maxAttempts(settings.downloadRetries() + 1)
					.waitDuration(settings.downloadDelay())
					.retryExceptions(AkashGenException.class, ImageStorageException.class)
					.ignoreExceptions(AkashGenException.InvalidImage.class)
					.build());
	}

	/**
	 * Find the stored image of a job.
	 */
	public Optional<StoredImage> find(JobId id) {
		return this.store.find(id);
	}

	/**
	 * Whether the image of a job was deleted.
	 */
	public boolean isDeleted(JobId id) {
		return this.deleted.contains(id);
	}

	/**
	 * Remove the image of a job and its conversions.
	 * @throws ImageStorageException if a file cannot be removed
	 */
	public void delete(JobId id) {
		this.store.delete(id);
	}

	/** It may have been deleted while it was written. */
	private StoredImage unlessDeleted(JobId id, StoredImage image) {
		if (this.deleted.contains(id)) {
			this.store.delete(id);
			throw ImageNotFoundException.deleted(id);
		}
		return image;
	}

	/**
	 * Fetch the image of a finished job and store it, unless it is stored. Blocks the
	 * caller.
	 * @param location where AkashGen says that it is
	 * @throws ImageUnavailableException if it cannot be fetched or stored
	 */
	public StoredImage fetch(JobId id, ImageLocation location) {
		return Futures.join(arriving(id, location, Runnable::run));
	}

	/**
	 * The same with a timeout. After it the image is still fetched, and stored.
	 * @param atMost the longest wait
	 * @return the image; empty if it was not there in time
	 * @throws ImageUnavailableException if it cannot be fetched or stored
	 */
	public Optional<StoredImage> fetch(JobId id, ImageLocation location, Duration atMost) {
		CompletableFuture<StoredImage> image = arriving(id, location, this.threads);
		return Futures.isDone(image, atMost) ? Optional.of(Futures.join(image)) : Optional.empty();
	}

	/** The image, which the first that asks for it downloads. */
	private CompletableFuture<StoredImage> arriving(JobId id, ImageLocation location, Executor executor) {
		CompletableFuture<StoredImage> image = new CompletableFuture<>();
		CompletableFuture<StoredImage> other = this.arriving.putIfAbsent(id, image);
		if (other != null) {
			return other;
		}
		executor.execute(() -> {
			try {
				StoredImage stored = download(id, location);
				this.arriving.remove(id);
				image.complete(stored);
			}
			catch (RuntimeException | Error ex) {
				this.arriving.remove(id);
				image.completeExceptionally(ex);
			}
		});
		return image;
	}

	private StoredImage download(JobId id, ImageLocation location) {
		try {
			// It may have come with the job's status, or with another download.
			return unlessDeleted(id,
					find(id).orElseGet(() -> this.downloads.executeSupplier(() -> fetchOnce(id, location))));
		}
		catch (AkashGenException | ImageStorageException ex) {
			throw new ImageUnavailableException(id, ex);
		}
	}

	private StoredImage fetchOnce(JobId id, ImageLocation location) {
		this.places.acquireUninterruptibly();
		try {
			this.akashGen.fetch(id, location);
		}
		finally {
			this.places.release();
		}
		return find(id).orElseThrow(() -> new ImageStorageException("it is gone already"));
	}

	/**
	 * Convert an image to the requested format, unless it has that format already.
	 * @param id the job whose image it is
	 * @param isGone tells whether the client has disconnected
	 * @throws ImageConversionException if the image is broken, or too large
	 * @throws ConversionQueueFullException if too many conversions are waiting
	 * @throws ImageStorageException if the conversion cannot be stored
	 */
	public StoredImage convert(JobId id, StoredImage image, RequestedFormat requested, BooleanSupplier isGone) {
		if (requested.isMetBy(image)) {
			return image;
		}
		String conversion = requested.conversion(image.format());
		return this.store.findConversion(id, conversion)
			.orElseGet(() -> this.conversions.run(isGone,
					// Another request may have converted it meanwhile.
					() -> this.store.findConversion(id, conversion)
						.orElseGet(() -> convert(id, image, requested, conversion))));
	}

	/**
	 * The width and height of an image in pixels, as {@code 1024x1024}; empty if its file
	 * is broken or gone.
	 */
	public Optional<String> size(StoredImage image) {
		try {
			return Optional.of(ImageConverter.size(image.file(), image.format()));
		}
		catch (IOException | UnconvertibleImageException ex) {
			return Optional.empty();
		}
	}

	private StoredImage convert(JobId id, StoredImage image, RequestedFormat requested, String conversion) {
		StoredImage converted = this.store.storeConversion(id, conversion, (target) -> {
			try {
				ImageConverter.convert(image.file(), image.format(), requested.of(image.format()), requested.quality(),
						target);
			}
			catch (UnconvertibleImageException ex) {
				throw new ImageConversionException(id, "AkashGen's image cannot be converted: " + ex.getMessage(), ex);
			}
			catch (IOException ex) {
				throw new ImageStorageException(ex);
			}
		});
		return unlessDeleted(id, converted);
	}

}
