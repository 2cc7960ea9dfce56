package io.github.akashgen2api.images;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import io.github.akashgen2api.shutdown.ShutdownDrain;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves pictures to browsers, which hold no key.
 */
@RestController
class ImageController {

	/** When a pending picture is worth asking for again. */
	private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

	private final PictureStore pictures;

	private final PollingService polling;

	private final PictureConversion conversion;

	private final Duration fetchWithin;

	private final ShutdownDrain drain;

	private final Executor threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("image-", 0).factory());

	/** Bounds the memory that those take who hold no key. */
	private final Bulkhead waits;

	ImageController(PictureStore pictures, PollingService polling, PictureConversion conversion,
			ImagesSettings settings, ShutdownDrain drain) {
		this.drain = drain;
		this.pictures = pictures;
		this.polling = polling;
		this.conversion = conversion;
		this.fetchWithin = settings.fetchWithin();
		this.waits = Bulkhead.of("images",
				BulkheadConfig.custom()
					.maxConcurrentCalls(settings.waitsAtOnce())
					.maxWaitDuration(Duration.ZERO)
					.build());
	}

	/**
	 * The bytes of a picture.
	 * @param id the job's id
	 * @param wait how many seconds to wait for the job to end, 60 at most
	 * @param format what it shall be; {@code null}: what AkashGen made
	 * @return the picture, with what lets browsers and proxies keep it for ever
	 * @throws PictureNotFoundException if the job has no picture, or none yet
	 * @throws PictureUnconvertibleException if it cannot be had in that format
	 * @throws PollingException.TooManyWaits if too many wait for pictures already
	 */
	@GetMapping("/images")
	ResponseEntity<Resource> image(@RequestParam JobId id, @RequestParam(defaultValue = "0") @Min(0) @Max(60) int wait,
			@RequestParam(required = false) @Nullable WantedFormat format) {
		Picture made = this.pictures.picture(id).orElseGet(() -> waiting(id, Duration.ofSeconds(wait)));
		Picture picture = (format != null) ? this.conversion.convert(id, made, format) : made;
		return ResponseEntity.ok()
			.contentType(MediaType.parseMediaType(picture.format().mediaType()))
			.eTag(picture.digest())
			.header(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable")
			.body(new ByteArrayResource(picture.bytes()));
	}

	private Picture waiting(JobId id, Duration atMost) {
		try {
			return this.waits.executeSupplier(() -> fetchUnlessStopped(id, atMost));
		}
		catch (BulkheadFullException ex) {
			throw new PollingException.TooManyWaits(id);
		}
	}

	/** When the service stops, the caller is told, wherever the fetch stands. */
	private Picture fetchUnlessStopped(JobId id, Duration atMost) {
		CompletableFuture<Picture> fetched = CompletableFuture.supplyAsync(() -> fetch(id, atMost), this.threads);
		try (ShutdownDrain.Wait _ = this.drain
			.watch(() -> fetched.completeExceptionally(new ServiceStoppingException(id)))) {
			return fetched.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	private Picture fetch(JobId id, Duration atMost) {
		try {
			return atMost.isPositive() ? await(id, atMost)
					: keep(id, this.polling.check(id).location(), this.fetchWithin);
		}
		catch (PollingException.JobFailed | PollingException.JobUnknown ex) {
			throw new PictureNotFoundException(id, ex.getMessage(), ex.answer(), null);
		}
		catch (PollingException.JobTimeout ex) {
			throw new PictureNotFoundException(id, ex.getMessage(), ex.answer(), RETRY_AFTER);
		}
	}

	private Picture await(JobId id, Duration atMost) {
		long deadline = System.nanoTime() + atMost.toNanos();
		Picture.Location location = this.polling.await(id, atMost).location();
		return keep(id, location, Duration.ofNanos(deadline - System.nanoTime()));
	}

	private Picture keep(JobId id, Picture.Location location, Duration atMost) {
		return this.pictures.keep(id, location, atMost)
			.orElseThrow(
					() -> new PictureNotFoundException(id, "The picture is still being fetched", null, RETRY_AFTER));
	}

}
