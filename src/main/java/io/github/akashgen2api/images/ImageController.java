package io.github.akashgen2api.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import io.github.akashgen2api.akash.ImageLocation;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import io.github.akashgen2api.shutdown.ShutdownDrain;
import io.github.akashgen2api.web.server.ClientConnection;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves images to browsers, which hold no key.
 */
@RestController
class ImageController {

	/** When a pending image is worth asking for again. */
	private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

	private final ImageService images;

	private final PollingService polling;

	private final Duration fetchWithin;

	private final ShutdownDrain drain;

	private final Executor threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("image-", 0).factory());

	/** Bounds the memory that those take who hold no key. */
	private final Bulkhead waits;

	ImageController(ImageService images, PollingService polling, ImagesProperties settings, ShutdownDrain drain) {
		this.images = images;
		this.drain = drain;
		this.polling = polling;
		this.fetchWithin = settings.fetchWithin();
		this.waits = Bulkhead.of("images",
				BulkheadConfig.custom()
					.maxConcurrentCalls(settings.waitsAtOnce())
					.maxWaitDuration(Duration.ZERO)
					.build());
	}

	/**
	 * Write the bytes of an image, with what lets browsers and proxies keep it for ever.
	 * @param id the job's id
	 * @param wait how many seconds to wait for the job to end, 60 at most
	 * @param format what it shall be; {@code null}: what AkashGen made
	 * @throws ImageNotFoundException if the job has no image, or none yet
	 * @throws ImageConversionException if it cannot be converted to that format
	 * @throws ConversionQueueFullException if too many wait for conversions already
	 * @throws PollingException.TooManyWaits if too many wait for images already
	 * @throws IOException if the client has disconnected
	 */
	@GetMapping("/images")
	void image(@RequestParam JobId id, @RequestParam(defaultValue = "0") @Min(0) @Max(60) int wait,
			@RequestParam(required = false) @Nullable RequestedFormat format, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		Duration patience = Duration.ofSeconds(wait);
		try {
			new ImageResponse(request, response, id, find(id, patience, format, request)).write();
		}
		catch (FileNotFoundException | NoSuchFileException ex) {
			// Removed for the sake of newer ones since it was found.
			new ImageResponse(request, response, id, find(id, patience, format, request)).write();
		}
	}

	private StoredImage find(JobId id, Duration patience, @Nullable RequestedFormat format,
			HttpServletRequest request) {
		StoredImage made = this.images.find(id).orElseGet(() -> waiting(id, patience));
		return (format != null) ? this.images.convert(id, made, format, ClientConnection.of(request)) : made;
	}

	private StoredImage waiting(JobId id, Duration atMost) {
		try {
			return this.waits.executeSupplier(() -> fetchUnlessStopped(id, atMost));
		}
		catch (BulkheadFullException ex) {
			throw new PollingException.TooManyWaits(id);
		}
	}

	/** When the service stops, the caller is told, wherever the fetch stands. */
	private StoredImage fetchUnlessStopped(JobId id, Duration atMost) {
		CompletableFuture<StoredImage> fetched = CompletableFuture.supplyAsync(() -> fetch(id, atMost), this.threads);
		try (ShutdownDrain.Wait _ = this.drain
			.watch(() -> fetched.completeExceptionally(new ServiceStoppingException(id)))) {
			return fetched.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	private StoredImage fetch(JobId id, Duration atMost) {
		try {
			return atMost.isPositive() ? await(id, atMost)
					: fetch(id, this.polling.check(id).location(), this.fetchWithin);
		}
		catch (PollingException.JobFailed | PollingException.JobUnknown ex) {
			throw new ImageNotFoundException(ex, null);
		}
		catch (PollingException.JobTimeout ex) {
			throw new ImageNotFoundException(ex, RETRY_AFTER);
		}
	}

	private StoredImage await(JobId id, Duration atMost) {
		long deadline = System.nanoTime() + atMost.toNanos();
		ImageLocation location = this.polling.await(id, atMost).location();
		return fetch(id, location, Duration.ofNanos(deadline - System.nanoTime()));
	}

	private StoredImage fetch(JobId id, ImageLocation location, Duration atMost) {
		return this.images.fetch(id, location, atMost)
			.orElseThrow(() -> new ImageNotFoundException(id, "The image is still being fetched", null, RETRY_AFTER));
	}

}
