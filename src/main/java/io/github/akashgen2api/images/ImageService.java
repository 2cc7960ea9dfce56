package io.github.akashgen2api.images;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.ImageLocation;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.stereotype.Service;

/**
 * Fetches the images of finished jobs, once however many ask, and keeps them, as
 * AkashGen's own links may not last.
 */
@Service
public class ImageService {

	private final AkashGenClient akashGen;

	private final ImageStore store;

	private final RetryTemplate downloads;

	/** Bounds the connections and buffers that a burst of finished jobs takes. */
	private final Semaphore places;

	private final ConversionQueue conversions;

	/** The images that are on their way. */
	private final AsyncCache<JobId, StoredImage> arriving = Caffeine.newBuilder()
		.executor(Executors.newVirtualThreadPerTaskExecutor())
		.expireAfterWrite(Duration.ZERO)
		.buildAsync();

	ImageService(AkashGenClient akashGen, ImageStore store, ConversionQueue conversions, ImagesProperties settings) {
		this.akashGen = akashGen;
		this.store = store;
		this.conversions = conversions;
		this.places = new Semaphore(settings.downloadsAtOnce(), true);
		this.downloads = new RetryTemplate(RetryPolicy.builder()
			.maxRetries(settings.downloadRetries())
			.delay(settings.downloadDelay())
			.includes(AkashGenException.class, ImageStorageException.class)
			.excludes(AkashGenException.InvalidImage.class)
			.build());
	}

	/**
	 * The image of a job, where it is kept.
	 */
	public Optional<StoredImage> find(JobId id) {
		return this.store.find(id);
	}

	/**
	 * The image of a finished job: fetched unless it is kept, and kept from then on.
	 * @param location where AkashGen says that it is
	 * @throws ImageUnavailableException if it cannot be fetched or kept
	 */
	public StoredImage fetch(JobId id, ImageLocation location) {
		return this.arriving.synchronous().get(id, (_) -> download(id, location));
	}

	/**
	 * The same, for those who cannot wait: the image is kept when it comes.
	 * @param atMost the longest wait
	 * @return the image; empty if it was not there in time
	 * @throws ImageUnavailableException if it cannot be fetched or kept
	 */
	public Optional<StoredImage> fetch(JobId id, ImageLocation location, Duration atMost) {
		CompletableFuture<StoredImage> image = this.arriving.get(id, (_) -> download(id, location));
		try {
			return Optional.of(image.copy().orTimeout(atMost.toNanos(), TimeUnit.NANOSECONDS).join());
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof TimeoutException) {
				return Optional.empty();
			}
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	private StoredImage download(JobId id, ImageLocation location) {
		try {
			// It may have come with the job's status, or with another download.
			return find(id).orElseGet(() -> this.downloads.invoke(() -> fetchOnce(id, location)));
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
		return find(id).orElseThrow(() -> new ImageStorageException("it was not kept"));
	}

	/**
	 * An image in the format that is wanted; itself where it is so already.
	 * @param id the job whose image it is
	 * @param isGone tells whether the client has disconnected
	 * @throws ImageConversionException if it is broken, or too large
	 * @throws ConversionQueueFullException if too many wait for conversions already
	 * @throws ImageStorageException if the conversion cannot be kept
	 */
	public StoredImage convert(JobId id, StoredImage image, RequestedFormat wanted, BooleanSupplier isGone) {
		if (wanted.isMetBy(image)) {
			return image;
		}
		String conversion = wanted.conversion(image.format());
		return this.store.findConversion(id, conversion)
			.orElseGet(() -> this.conversions.run(isGone,
					// Another conversion may have ended since we looked.
					() -> this.store.findConversion(id, conversion)
						.orElseGet(() -> convert(id, image, wanted, conversion))));
	}

	private StoredImage convert(JobId id, StoredImage image, RequestedFormat wanted, String conversion) {
		return this.store.storeConversion(id, conversion, (target) -> {
			try {
				ImageConverter.convert(image.file(), image.format(), wanted.of(image.format()), wanted.quality(),
						target);
			}
			catch (UnconvertibleImageException ex) {
				throw new ImageConversionException(id, "AkashGen's image cannot be converted: " + ex.getMessage(), ex);
			}
			catch (IOException ex) {
				throw new ImageStorageException(ex);
			}
		});
	}

}
