package io.github.akashgen2api.web.error;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.generation.CapacityExceededException;
import io.github.akashgen2api.generation.JobErrorMapper;
import io.github.akashgen2api.generation.OutcomeUnknownException;
import io.github.akashgen2api.images.ConversionQueueFullException;
import io.github.akashgen2api.images.ImageConversionException;
import io.github.akashgen2api.images.ImageNotFoundException;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.jobs.IdempotencyKeyReusedException;
import io.github.akashgen2api.jobs.JobDeletedException;
import io.github.akashgen2api.jobs.JobError;
import io.github.akashgen2api.openai.InvalidRequestException;
import io.github.akashgen2api.openai.JobNotFoundException;
import io.github.akashgen2api.openai.ModelNotFoundException;
import io.github.akashgen2api.openai.UnsupportedEndpointException;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import io.github.akashgen2api.web.access.TooManyRequestsException;
import io.github.akashgen2api.web.access.UnauthorizedException;
import io.github.akashgen2api.web.body.LargeRequestException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Maps the exceptions of this service to errors.
 */
@Component
class ApiErrorMapper implements JobErrorMapper {

	/** The time of a restart on a small machine. */
	private static final Duration RESTART = Duration.ofSeconds(10);

	private final InstantSource clock;

	ApiErrorMapper(InstantSource clock) {
		this.clock = clock;
	}

	/**
	 * Map an exception.
	 * @return {@code null} if it is not an exception of this service
	 */
	@Nullable ApiError of(Exception exception) {
		return switch (exception) {
			case UnauthorizedException ex -> ApiError.of(HttpStatus.UNAUTHORIZED, "invalid_api_key", message(ex), null);
			case TooManyRequestsException ex ->
				ApiError.of(HttpStatus.TOO_MANY_REQUESTS, "rate_limit_exceeded", message(ex), null)
					.withRetryAfter(ex.retryAfter());
			case InvalidRequestException ex -> ApiError.ofField(ex.field(), message(ex));
			case ModelNotFoundException ex -> ApiError.of(HttpStatus.NOT_FOUND, "model_not_found", message(ex), null);
			case UnsupportedEndpointException ex ->
				ApiError.of(HttpStatus.NOT_FOUND, "unsupported_endpoint", message(ex), null);
			case JobNotFoundException ex -> ApiError.of(HttpStatus.NOT_FOUND, "job_not_found", message(ex), null);
			case JobDeletedException ex -> ApiError.of(HttpStatus.GONE, "job_deleted", message(ex), null);
			case LargeRequestException.TooLarge ex ->
				ApiError.of(HttpStatus.CONTENT_TOO_LARGE, "request_too_large", message(ex), null);
			case LargeRequestException.TooMany ex ->
				ApiError.of(HttpStatus.SERVICE_UNAVAILABLE, "too_many_large_requests", message(ex), null)
					.withRetryAfter(ex.retryAfter());
			case IdempotencyKeyReusedException ex -> ApiError.of(HttpStatus.UNPROCESSABLE_CONTENT,
					"idempotency_key_reused", "Idempotency-Key " + message(ex), null);
			case CapacityExceededException ex -> overloaded(code(ex), ex);
			case OutcomeUnknownException ex ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.OUTCOME_UNKNOWN, message(ex), null);
			case TooMuchTextException ex -> overloaded("too_much_text", ex);
			case ServiceStoppingException ex -> stopping(ex);
			case AkashGenException ex -> upstream(ex);
			case PollingException ex -> waiting(ex);
			case ImageNotFoundException ex -> notFound(ex);
			case ImageUnavailableException ex -> unavailable(ex);
			case ImageStorageException ex -> overloaded("image_storage_unavailable", ex);
			case ConversionQueueFullException ex -> overloaded("too_many_conversions", ex);
			case ImageConversionException ex ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, message(ex), null)
					.withJobId(ex.jobId());
			default -> null;
		};
	}

	@Override
	public JobError jobError(Throwable failure) {
		ApiError error = (failure instanceof Exception exception) ? of(exception) : null;
		if (error == null) {
			return new JobError("internal_error", "Internal server error");
		}
		boolean hasReason = error.details() instanceof String && !error.isField();
		return new JobError(error.code(), hasReason ? error.message() + ": " + error.details() : error.message());
	}

	/**
	 * A client that repeats its request reaches the next process, which resumes the job.
	 */
	private static ApiError stopping(ServiceStoppingException ex) {
		return ApiError.of(HttpStatus.GATEWAY_TIMEOUT, "service_stopping", message(ex), null)
			.withRetryAfter(RESTART)
			.withJobId(ex.jobId())
			.withImagePending(ex.jobId() != null);
	}

	private static String code(CapacityExceededException ex) {
		return switch (ex) {
			case CapacityExceededException.TooManySubmits _ -> "too_many_submits";
			case CapacityExceededException.TooManyWaits _ -> "too_many_waits";
		};
	}

	private ApiError upstream(AkashGenException ex) {
		ApiError error = switch (ex) {
			case AkashGenException.PromptRefused refused -> ApiError.ofField("messages", "context_length_exceeded",
					refused.upstreamMessage().isEmpty() ? message(refused) : refused.upstreamMessage());
			case AkashGenException.RateLimited limited -> ApiError
				.of(HttpStatus.TOO_MANY_REQUESTS, "rate_limit_exceeded", message(limited), upstreamMessage(limited))
				.withRetryAfter(until(limited.until()));
			case AkashGenException.TextAnswer _, AkashGenException.MissingJobId _ ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, "Failed to extract jobId from response",
						Map.of("response", ex.upstreamMessage()));
			case AkashGenException.Timeout _ ->
				ApiError.of(HttpStatus.GATEWAY_TIMEOUT, ApiError.GENERATION_TIMEOUT, message(ex), upstreamMessage(ex));
			case AkashGenException.Unavailable unavailable ->
				ApiError.of(HttpStatus.BAD_GATEWAY, "upstream_unavailable", message(ex), upstreamMessage(ex))
					.withRetryAfter(unavailable.retryAfter());
			case AkashGenException.SessionRefused _ ->
				ApiError.of(HttpStatus.BAD_GATEWAY, "upstream_unavailable", message(ex), upstreamMessage(ex));
			case AkashGenException.ConnectionLost _, AkashGenException.UnexpectedAnswer _,
					AkashGenException.InvalidImage _ ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, message(ex), upstreamMessage(ex));
		};
		return error.withAnswer(ex.answer());
	}

	private static ApiError waiting(PollingException ex) {
		ApiError error = switch (ex) {
			case PollingException.JobFailed _, PollingException.JobUnknown _, PollingException.ImageMissing _,
					PollingException.JobGivenUp _ ->
				ApiError.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, "Image generation failed", message(ex));
			case PollingException.TooManyLookups _ ->
				ApiError.of(HttpStatus.TOO_MANY_REQUESTS, "too_many_lookups", message(ex), null)
					.withRetryAfter(Duration.ofSeconds(1));
			case PollingException.TooManyWaits _ -> overloaded("too_many_waits", ex);
			case PollingException.JobTimeout _,
					PollingException.PollError _ ->
				ApiError
					.of(HttpStatus.GATEWAY_TIMEOUT, ApiError.GENERATION_TIMEOUT, "Failed to wait for image generation",
							message(ex))
					.withImagePending(true);
		};
		return error.withJobId(ex.jobId()).withAnswer(ex.answer());
	}

	private static ApiError notFound(ImageNotFoundException ex) {
		return ApiError.of(HttpStatus.NOT_FOUND, "Image not found", message(ex))
			.withRetryAfter(ex.retryAfter())
			.withJobId(ex.jobId())
			.withAnswer(ex.answer());
	}

	private static ApiError unavailable(ImageUnavailableException ex) {
		ApiError error = switch (ex.reason()) {
			case AkashGenException reason -> ApiError
				.of(HttpStatus.BAD_GATEWAY, ApiError.GENERATION_FAILED, message(reason), upstreamMessage(reason))
				.withAnswer(reason.answer());
			case RuntimeException reason -> overloaded("image_storage_unavailable", reason);
		};
		boolean isLost = ex.reason() instanceof AkashGenException.InvalidImage;
		return error.withImagePending(!isLost).withJobId(ex.jobId());
	}

	/** The delay is random, so that clients do not all repeat at the same time. */
	private static ApiError overloaded(String code, RuntimeException ex) {
		return ApiError.of(HttpStatus.SERVICE_UNAVAILABLE, code, message(ex), null)
			.withRetryAfter(Duration.ofSeconds(ThreadLocalRandom.current().nextInt(1, 6)));
	}

	private Duration until(Instant time) {
		return Duration.between(this.clock.instant(), time);
	}

	private static String message(Exception ex) {
		return String.valueOf(ex.getMessage());
	}

	private static @Nullable String upstreamMessage(AkashGenException ex) {
		return ex.upstreamMessage().isEmpty() ? null : ex.upstreamMessage();
	}

}
