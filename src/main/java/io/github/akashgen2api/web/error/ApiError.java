package io.github.akashgen2api.web.error;

import java.time.Duration;
import java.util.Locale;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.ResponseExcerpt;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * An error as it is sent to the client and logged.
 *
 * @param code OpenAI's code, more precise than the status
 * @param message what happened
 * @param details the path of the wrong field, or AkashGen's message; {@code null} if
 * there is none
 * @param isField whether the details are the path of a field
 * @param retryAfter when a repeated request may succeed; {@code null} if waiting does not
 * help
 * @param jobId the job that failed; {@code null} if there is none
 * @param isImagePending whether the job's image may still come
 * @param answer AkashGen's answer that caused the error; {@code null} if there is none
 */
record ApiError(HttpStatus status, String code, String message, @Nullable Object details, boolean isField,
		@Nullable Duration retryAfter, @Nullable JobId jobId, boolean isImagePending,
		@Nullable ResponseExcerpt answer) {

	static final String GENERATION_FAILED = "image_generation_failed";

	static final String GENERATION_TIMEOUT = "image_generation_timeout";

	static final String OUTCOME_UNKNOWN = "outcome_unknown";

	/** The longest time that a client should sleep before it repeats a request. */
	private static final Duration MAX_SLEEP = Duration.ofMinutes(1);

	static ApiError of(HttpStatus status, String message, @Nullable Object details) {
		return of(status, status.name().toLowerCase(Locale.ROOT), message, details);
	}

	static ApiError of(HttpStatus status, String code, String message, @Nullable Object details) {
		return new ApiError(status, code, message, details, false, null, null, false, null);
	}

	static ApiError ofField(String field, String message) {
		return ofField(field, "invalid_value", message);
	}

	static ApiError ofField(String field, String code, String message) {
		return new ApiError(HttpStatus.BAD_REQUEST, code, message, field, true, null, null, false, null);
	}

	ApiError withRetryAfter(@Nullable Duration retryAfter) {
		return new ApiError(this.status, this.code, this.message, this.details, this.isField, retryAfter, this.jobId,
				this.isImagePending, this.answer);
	}

	ApiError withJobId(@Nullable JobId jobId) {
		return new ApiError(this.status, this.code, this.message, this.details, this.isField, this.retryAfter, jobId,
				this.isImagePending, this.answer);
	}

	ApiError withImagePending(boolean isImagePending) {
		return new ApiError(this.status, this.code, this.message, this.details, this.isField, this.retryAfter,
				this.jobId, isImagePending, this.answer);
	}

	ApiError withAnswer(@Nullable ResponseExcerpt answer) {
		return new ApiError(this.status, this.code, this.message, this.details, this.isField, this.retryAfter,
				this.jobId, this.isImagePending, answer);
	}

	/**
	 * Whether a client should not repeat its request automatically, as that would cost
	 * another image, or a long sleep.
	 */
	boolean isFinal() {
		return this.code.equals(GENERATION_FAILED) || this.code.equals(GENERATION_TIMEOUT)
				|| this.code.equals(OUTCOME_UNKNOWN)
				|| (this.retryAfter != null && this.retryAfter.compareTo(MAX_SLEEP) > 0);
	}

}
