package io.github.akashgen2api.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.akashgen2api.akash.ImageLocation;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.futures.Futures;
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

import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.NoHandlerFoundException;

/**
 * Serves images to browsers, which have no key. What is stored in the requested format is
 * usually served by {@link StoredImageFilter} already.
 */
@RestController
class ImageController {

	/** When a pending image is worth asking for again. */
	private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

	private static final Pattern FILE = Pattern
		.compile("(?!(?:undefined|null)\\.)([A-Za-z0-9_-]{1,128})\\.(webp|png|jpe?g)");

	private final ImageService images;

	private final PollingService polling;

	private final Duration fetchWithin;

	private final ShutdownDrain drain;

	private final Executor threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("image-", 0).factory());

	/** Bounds the memory that clients without a key can take. */
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
	 * Write an image, with headers that let browsers and proxies cache it for ever.
	 * @param id the job's id
	 * @param wait how many seconds to wait for the job to end, 60 at most
	 * @param format the requested format; {@code null}: the format that AkashGen made
	 * @throws ImageNotFoundException if the job has no image, or none yet
	 * @throws ImageConversionException if it cannot be converted to that format
	 * @throws ConversionQueueFullException if too many conversions are waiting
	 * @throws PollingException.TooManyWaits if too many requests wait for images
	 * @throws IOException if the client has disconnected
	 */
	@GetMapping("/images")
	void image(@RequestParam JobId id, @RequestParam(defaultValue = "0") @Min(0) @Max(60) int wait,
			@RequestParam(required = false) @Nullable RequestedFormat format, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		Duration timeout = Duration.ofSeconds(wait);
		try {
			new ImageResponse(request, response, id, find(id, timeout, format, request)).write();
		}
		catch (FileNotFoundException | NoSuchFileException ex) {
			// A sweep has removed it meanwhile.
			new ImageResponse(request, response, id, find(id, timeout, format, request)).write();
		}
	}

	/**
	 * Write an image, for clients that expect an extension in a link.
	 * @param file the job's id, and the requested format as extension
	 * @throws NoHandlerFoundException if it is not such a name
	 */
	@GetMapping("/images/{file}")
	void file(@PathVariable String file, @RequestParam(defaultValue = "0") @Min(0) @Max(60) int wait,
			HttpServletRequest request, HttpServletResponse response) throws IOException, NoHandlerFoundException {
		Matcher name = FILE.matcher(file);
		if (!name.matches()) {
			throw new NoHandlerFoundException(request.getMethod(), request.getRequestURI(), HttpHeaders.EMPTY);
		}
		image(new JobId(name.group(1)), wait, RequestedFormat.valueOf(name.group(2)), request, response);
	}

	private StoredImage find(JobId id, Duration timeout, @Nullable RequestedFormat format, HttpServletRequest request) {
		StoredImage original = this.images.find(id).orElseGet(() -> await(id, timeout));
		return (format != null) ? this.images.convert(id, original, format, ClientConnection.of(request)) : original;
	}

	private StoredImage await(JobId id, Duration timeout) {
		if (this.images.isDeleted(id)) {
			throw ImageNotFoundException.deleted(id);
		}
		try {
			return this.waits.executeSupplier(() -> fetchUnlessStopped(id, timeout));
		}
		catch (BulkheadFullException ex) {
			throw new PollingException.TooManyWaits(id);
		}
		catch (RuntimeException ex) {
			throw this.images.isDeleted(id) ? ImageNotFoundException.deleted(id) : ex;
		}
	}

	/** When the service stops, the client is told, however far the fetch has come. */
	private StoredImage fetchUnlessStopped(JobId id, Duration timeout) {
		CompletableFuture<StoredImage> fetched = CompletableFuture.supplyAsync(() -> fetch(id, timeout), this.threads);
		try (ShutdownDrain.Wait _ = this.drain
			.watch(() -> fetched.completeExceptionally(new ServiceStoppingException(id)))) {
			return Futures.join(fetched);
		}
	}

	private StoredImage fetch(JobId id, Duration timeout) {
		try {
			if (timeout.isZero()) {
				return fetch(id, this.polling.check(id).location(), this.fetchWithin);
			}
			long deadline = System.nanoTime() + timeout.toNanos();
			ImageLocation location = this.polling.await(id, timeout).location();
			return fetch(id, location, Duration.ofNanos(deadline - System.nanoTime()));
		}
		catch (PollingException.JobFailed | PollingException.JobUnknown ex) {
			throw new ImageNotFoundException(ex, null);
		}
		catch (PollingException.JobTimeout ex) {
			throw new ImageNotFoundException(ex, RETRY_AFTER);
		}
	}

	private StoredImage fetch(JobId id, ImageLocation location, Duration timeout) {
		return this.images.fetch(id, location, timeout)
			.orElseThrow(() -> new ImageNotFoundException(id, "The image is still being fetched", null, RETRY_AFTER));
	}

}
