package io.github.akashgen2api.failures;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.github.akashgen2api.access.TooManyRequestsException;
import io.github.akashgen2api.access.UnauthorizedException;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.bodies.LargeRequestException;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.generation.IdempotencyKeyReusedException;
import io.github.akashgen2api.generation.NoRoomException;
import io.github.akashgen2api.images.ConversionQueueFullException;
import io.github.akashgen2api.images.PictureNotFoundException;
import io.github.akashgen2api.images.PictureUnavailableException;
import io.github.akashgen2api.images.PictureUnconvertibleException;
import io.github.akashgen2api.openai.InvalidRequestException;
import io.github.akashgen2api.openai.ModelNotFoundException;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Decides what each exception of ours means for the caller.
 */
@Component
class Failures {

	/** As long as a start takes on a small machine. */
	private static final Duration RESTART = Duration.ofSeconds(10);

	private final InstantSource clock;

	Failures(InstantSource clock) {
		this.clock = clock;
	}

	/**
	 * What an exception of ours means.
	 * @throws IllegalArgumentException if it is none of ours
	 */
	Failure of(RuntimeException exception) {
		return switch (exception) {
			case UnauthorizedException ex -> Failure.of(HttpStatus.UNAUTHORIZED, "invalid_api_key", message(ex), null);
			case TooManyRequestsException ex ->
				Failure.of(HttpStatus.TOO_MANY_REQUESTS, "rate_limit_exceeded", message(ex), null)
					.after(ex.retryAfter());
			case InvalidRequestException ex -> Failure.ofField(ex.field(), message(ex));
			case ModelNotFoundException ex -> Failure.of(HttpStatus.NOT_FOUND, "model_not_found", message(ex), null);
			case LargeRequestException.TooLarge ex ->
				Failure.of(HttpStatus.CONTENT_TOO_LARGE, "request_too_large", message(ex), null);
			case LargeRequestException.TooMany ex ->
				Failure.of(HttpStatus.SERVICE_UNAVAILABLE, "too_many_large_requests", message(ex), null)
					.after(ex.retryAfter());
			case IdempotencyKeyReusedException ex -> Failure.of(HttpStatus.UNPROCESSABLE_CONTENT,
					"idempotency_key_reused", "Idempotency-Key " + message(ex), null);
			case NoRoomException ex ->
				Failure.of(HttpStatus.SERVICE_UNAVAILABLE, code(ex), message(ex), null).after(soon());
			case TooMuchTextException ex ->
				Failure.of(HttpStatus.SERVICE_UNAVAILABLE, "too_much_text", message(ex), null).after(soon());
			case ServiceStoppingException ex -> stopping(ex);
			case AkashGenException ex -> upstream(ex);
			case PollingException ex -> waiting(ex);
			case PictureNotFoundException ex -> notFound(ex);
			case PictureUnavailableException ex -> unavailable(ex);
			case ImageStorageException ex -> storage(ex);
			case ConversionQueueFullException ex ->
				Failure.of(HttpStatus.SERVICE_UNAVAILABLE, "too_many_conversions", message(ex), null).after(soon());
			case PictureUnconvertibleException ex ->
				Failure.of(HttpStatus.BAD_GATEWAY, Failure.GENERATION_FAILED, message(ex), null).concerning(ex.jobId());
			default -> throw new IllegalArgumentException("Not an exception of ours", exception);
		};
	}

	/**
	 * A client that repeats its request meets the next process, which resumes the job.
	 */
	private static Failure stopping(ServiceStoppingException ex) {
		Failure failure = Failure.of(HttpStatus.GATEWAY_TIMEOUT, "service_stopping", message(ex), null).after(RESTART);
		JobId jobId = ex.jobId();
		return (jobId != null) ? failure.concerning(jobId).butPictureMayCome() : failure;
	}

	private static String code(NoRoomException ex) {
		return switch (ex) {
			case NoRoomException.TooManySubmits _ -> "too_many_submits";
			case NoRoomException.TooManyWaits _ -> "too_many_waits";
		};
	}

	private Failure upstream(AkashGenException ex) {
		Failure failure = switch (ex) {
			case AkashGenException.PromptRefused refused -> Failure.ofField("messages", "context_length_exceeded",
					refused.upstreamMessage().isEmpty() ? message(refused) : refused.upstreamMessage());
			case AkashGenException.RateLimited limited ->
				Failure.of(HttpStatus.TOO_MANY_REQUESTS, "rate_limit_exceeded", message(limited), words(limited))
					.after(untilThen(limited.until()));
			case AkashGenException.TextAnswer _, AkashGenException.MissingJobId _ ->
				Failure.of(HttpStatus.BAD_GATEWAY, Failure.GENERATION_FAILED, "Failed to extract jobId from response",
						Map.of("response", ex.upstreamMessage()));
			case AkashGenException.Timeout _ ->
				Failure.of(HttpStatus.GATEWAY_TIMEOUT, Failure.GENERATION_TIMEOUT, message(ex), words(ex));
			case AkashGenException.Unavailable unavailable ->
				retriable(Failure.of(HttpStatus.BAD_GATEWAY, "upstream_unavailable", message(ex), words(ex)),
						unavailable.retryAfter());
			case AkashGenException.SessionRefused _ ->
				Failure.of(HttpStatus.BAD_GATEWAY, "upstream_unavailable", message(ex), words(ex));
			case AkashGenException.ConnectionLost _, AkashGenException.UnexpectedAnswer _,
					AkashGenException.InvalidImage _ ->
				Failure.of(HttpStatus.BAD_GATEWAY, Failure.GENERATION_FAILED, message(ex), words(ex));
		};
		return failure.judging(ex.answer());
	}

	private static Failure waiting(PollingException ex) {
		Failure failure = switch (ex) {
			case PollingException.JobFailed _, PollingException.JobUnknown _, PollingException.PictureMissing _,
					PollingException.JobGivenUp _ ->
				Failure.of(HttpStatus.BAD_GATEWAY, Failure.GENERATION_FAILED, "Image generation failed", message(ex));
			case PollingException.TooManyLookups _ ->
				Failure.of(HttpStatus.TOO_MANY_REQUESTS, "too_many_lookups", message(ex), null)
					.after(Duration.ofSeconds(1));
			case PollingException.TooManyWaits _ ->
				Failure.of(HttpStatus.SERVICE_UNAVAILABLE, "too_many_waits", message(ex), null).after(soon());
			case PollingException.JobTimeout _,
					PollingException.PollTrouble _ ->
				Failure
					.of(HttpStatus.GATEWAY_TIMEOUT, Failure.GENERATION_TIMEOUT, "Failed to wait for image generation",
							message(ex))
					.butPictureMayCome();
		};
		return failure.concerning(ex.jobId()).judging(ex.answer());
	}

	private static Failure notFound(PictureNotFoundException ex) {
		Failure failure = Failure.of(HttpStatus.NOT_FOUND, "Image not found", message(ex))
			.concerning(ex.jobId())
			.judging(ex.answer());
		return retriable(failure, ex.retryAfter());
	}

	private static Failure unavailable(PictureUnavailableException ex) {
		Failure failure = switch (ex.reason()) {
			case AkashGenException reason ->
				Failure.of(HttpStatus.BAD_GATEWAY, Failure.GENERATION_FAILED, message(reason), words(reason))
					.judging(reason.answer());
			case RuntimeException reason -> storage(reason);
		};
		boolean isLost = ex.reason() instanceof AkashGenException.InvalidImage;
		return (isLost ? failure : failure.butPictureMayCome()).concerning(ex.jobId());
	}

	private static Failure storage(RuntimeException ex) {
		return Failure.of(HttpStatus.SERVICE_UNAVAILABLE, "image_storage_unavailable", message(ex), null).after(soon());
	}

	private static Failure retriable(Failure failure, @Nullable Duration retryAfter) {
		return (retryAfter != null) ? failure.after(retryAfter) : failure;
	}

	/** Not all in the same moment. */
	private static Duration soon() {
		return Duration.ofSeconds(ThreadLocalRandom.current().nextInt(1, 6));
	}

	private Duration untilThen(Instant time) {
		return Duration.between(this.clock.instant(), time);
	}

	private static String message(Exception ex) {
		return String.valueOf(ex.getMessage());
	}

	private static @Nullable String words(AkashGenException ex) {
		return ex.upstreamMessage().isEmpty() ? null : ex.upstreamMessage();
	}

}
