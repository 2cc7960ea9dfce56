package io.github.akashgen2api.web.error;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.generation.CapacityExceededException;
import io.github.akashgen2api.generation.IdempotencyKeyReusedException;
import io.github.akashgen2api.images.ConversionQueueFullException;
import io.github.akashgen2api.images.ImageConversionException;
import io.github.akashgen2api.images.ImageNotFoundException;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.openai.InvalidRequestException;
import io.github.akashgen2api.openai.ModelNotFoundException;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import io.github.akashgen2api.web.access.TooManyRequestsException;
import io.github.akashgen2api.web.access.UnauthorizedException;
import io.github.akashgen2api.web.body.LargeRequestException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Decides what each exception of ours means for the caller.
 */
@Component
class ApiErrorMapper {

	/** As long as a start takes on a small machine. */
	private static final Duration RESTART = Duration.ofSeconds(10);

	private final InstantSource clock;

	ApiErrorMapper(InstantSource clock) {
		this.clock = clock;
	}

	/**
	 * What an exception of ours means.
	 * @throws IllegalArgumentException if it is not an exception of this service
	 */
	ApiError of(RuntimeException exception) {
		return switch (exception) {
			case UnauthorizedException ex -> ApiError.of(HttpStatus.UNAUTHORIZED, "invalid_api_key", message(ex), null);
			case TooManyRequestsException ex ->
				ApiError.of(HttpStatus.TOO_MANY_REQUESTS, "rate_limit_exceeded", message(ex), null)
					.after(ex.retryAfter());
			case InvalidRequestException ex -> ApiError.ofField(ex.field(), message(ex));
			case ModelNotFoundException ex -> ApiError.of(HttpStatus.NOT_FOUND, "model_not_found", message(ex), null);
			case LargeRequestException.TooLarge ex ->
				ApiError.of(HttpStatus.CONTENT_TOO_LARGE, "request_too_large", message(ex), null);
			case LargeRequestException.TooMany ex ->
				ApiError.of(HttpStatus.SERVICE_UNAVAILABLE, "too_many_large_requests", message(ex), null)
					.after(ex.retryAfter());
			case IdempotencyKeyReusedException ex -> ApiError.of(HttpStatus.UNPROCESSABLE_CONTENT,
					"idempotency_key_reused", "Idempotency-Key " + message(ex), null);
			case CapacityExceededException ex ->
				ApiError.of(HttpStatus.SERVICE_UNAVAILABLE, code(ex), message(ex), null).after(soon());
			case TooMuchTextException ex ->
				ApiError.of(HttpStatus.SERVICE_UNAVAILABLE, "too_much_text", message(ex), null).after(soon());
			case ServiceStoppingException ex -> stopping(ex);
			case AkashGenException ex -> upstream(ex);
			case PollingException ex -> waiting(ex);
			case ImageNotFoundException ex -> notFound(ex);
			case ImageUnavailableException ex -> unavailable(ex);
			case ImageStorageException ex -> storage(ex);
			case ConversionQueueFullException ex ->
				ApiError.of(HttpStatus.SERVICE_UNAVAILABLE, "too_many_conversions", message(ex), null).after(soon());
			case ImageConversionException ex ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, message(ex), null)
					.concerning(ex.jobId());
			default -> throw new IllegalArgumentException("Not an exception of ours", exception);
		};
	}

	/**
	 * A client that repeats its request meets the next process, which resumes the job.
	 */
	private static ApiError stopping(ServiceStoppingException ex) {
		ApiError failure = ApiError.of(HttpStatus.GATEWAY_TIMEOUT, "service_stopping", message(ex), null)
			.after(RESTART);
		JobId jobId = ex.jobId();
		return (jobId != null) ? failure.concerning(jobId).butPictureMayCome() : failure;
	}

	private static String code(CapacityExceededException ex) {
		return switch (ex) {
			case CapacityExceededException.TooManySubmits _ -> "too_many_submits";
			case CapacityExceededException.TooManyWaits _ -> "too_many_waits";
		};
	}

	private ApiError upstream(AkashGenException ex) {
		ApiError failure = switch (ex) {
			case AkashGenException.PromptRefused refused -> ApiError.ofField("messages", "context_length_exceeded",
					refused.upstreamMessage().isEmpty() ? message(refused) : refused.upstreamMessage());
			case AkashGenException.RateLimited limited ->
				ApiError.of(HttpStatus.TOO_MANY_REQUESTS, "rate_limit_exceeded", message(limited), words(limited))
					.after(untilThen(limited.until()));
			case AkashGenException.TextAnswer _, AkashGenException.MissingJobId _ ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, "Failed to extract jobId from response",
						Map.of("response", ex.upstreamMessage()));
			case AkashGenException.Timeout _ ->
				ApiError.of(HttpStatus.GATEWAY_TIMEOUT, ApiError.GENERATION_TIMEOUT, message(ex), words(ex));
			case AkashGenException.Unavailable unavailable ->
				retriable(ApiError.of(HttpStatus.BAD_GATEWAY, "upstream_unavailable", message(ex), words(ex)),
						unavailable.retryAfter());
			case AkashGenException.SessionRefused _ ->
				ApiError.of(HttpStatus.BAD_GATEWAY, "upstream_unavailable", message(ex), words(ex));
			case AkashGenException.ConnectionLost _, AkashGenException.UnexpectedAnswer _,
					AkashGenException.InvalidImage _ ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, message(ex), words(ex));
		};
		return failure.judging(ex.answer());
	}

	private static ApiError waiting(PollingException ex) {
		ApiError failure = switch (ex) {
			case PollingException.JobFailed _, PollingException.JobUnknown _, PollingException.PictureMissing _,
					PollingException.JobGivenUp _ ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, "Image generation failed", message(ex));
			case PollingException.TooManyLookups _ ->
				ApiError.of(HttpStatus.TOO_MANY_REQUESTS, "too_many_lookups", message(ex), null)
					.after(Duration.ofSeconds(1));
			case PollingException.TooManyWaits _ ->
				ApiError.of(HttpStatus.SERVICE_UNAVAILABLE, "too_many_waits", message(ex), null).after(soon());
			case PollingException.JobTimeout _,
					PollingException.PollTrouble _ ->
				ApiError
					.of(HttpStatus.GATEWAY_TIMEOUT, ApiError.GENERATION_TIMEOUT, "Failed to wait for image generation",
							message(ex))
					.butPictureMayCome();
		};
		return failure.concerning(ex.jobId()).judging(ex.answer());
	}

	private static ApiError notFound(ImageNotFoundException ex) {
		ApiError failure = ApiError.of(HttpStatus.NOT_FOUND, "Image not found", message(ex))
			.concerning(ex.jobId())
			.judging(ex.answer());
		return retriable(failure, ex.retryAfter());
	}

	private static ApiError unavailable(ImageUnavailableException ex) {
		ApiError failure = switch (ex.reason()) {
			case AkashGenException reason ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, message(reason), words(reason))
					.judging(reason.answer());
			case RuntimeException reason -> storage(reason);
		};
		boolean isLost = ex.reason() instanceof AkashGenException.InvalidImage;
		return (isLost ? failure : failure.butPictureMayCome()).concerning(ex.jobId());
	}

	private static ApiError storage(RuntimeException ex) {
		return ApiError.of(HttpStatus.SERVICE_UNAVAILABLE, "image_storage_unavailable", message(ex), null)
			.after(soon());
	}

	private static ApiError retriable(ApiError failure, @Nullable Duration retryAfter) {
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
