package io.github.akashgen2api.web.error;

import java.time.Duration;
import java.util.Locale;

import io.github.akashgen2api.akash.Excerpt;
import io.github.akashgen2api.akash.JobId;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * What a caller is told, and what is logged, when something went wrong.
 *
 * @param status the HTTP status
 * @param code the same for a program, in more detail
 * @param error what happened
 * @param details more on it: the field that is wrong, or AkashGen's own words;
 * {@code null} where there is no more
 * @param field whether the details are the name of a field
 * @param retryAfter when asking again is worthwhile; {@code null} where waiting does not
 * help
 * @param jobId the job concerned; {@code null} where there is none
 * @param pictureMayCome whether the job's picture may still come
 * @param answer AkashGen's answer that was judged; {@code null} where none was
 */
record ApiError(HttpStatus status, String code, String error, @Nullable Object details, boolean field,
		@Nullable Duration retryAfter, @Nullable JobId jobId, boolean pictureMayCome, @Nullable Excerpt answer) {

	static final String GENERATION_FAILED = "image_generation_failed";

	static final String GENERATION_TIMEOUT = "image_generation_timeout";

	/** Longer than any caller's program should sleep. */
	private static final Duration LONG = Duration.ofMinutes(1);

	static ApiError of(HttpStatus status, String error, @Nullable Object details) {
		return of(status, status.name().toLowerCase(Locale.ROOT), error, details);
	}

	static ApiError of(HttpStatus status, String code, String error, @Nullable Object details) {
		return new ApiError(status, code, error, details, false, null, null, false, null);
	}

	static ApiError ofField(String field, String error) {
		return ofField(field, "invalid_value", error);
	}

	static ApiError ofField(String field, String code, String error) {
		return new ApiError(HttpStatus.BAD_REQUEST, code, error, field, true, null, null, false, null);
	}

	ApiError after(Duration retryAfter) {
		return new ApiError(this.status, this.code, this.error, this.details, this.field, retryAfter, this.jobId,
				this.pictureMayCome, this.answer);
	}

	ApiError concerning(JobId jobId) {
		return new ApiError(this.status, this.code, this.error, this.details, this.field, this.retryAfter, jobId,
				this.pictureMayCome, this.answer);
	}

	ApiError butPictureMayCome() {
		return new ApiError(this.status, this.code, this.error, this.details, this.field, this.retryAfter, this.jobId,
				true, this.answer);
	}

	ApiError judging(@Nullable Excerpt answer) {
		return new ApiError(this.status, this.code, this.error, this.details, this.field, this.retryAfter, this.jobId,
				this.pictureMayCome, answer);
	}

	/**
	 * Whether a program had better not ask again by itself: it would cost another
	 * picture, or a long sleep.
	 */
	boolean isFinal() {
		return this.code.equals(GENERATION_FAILED) || this.code.equals(GENERATION_TIMEOUT)
				|| (this.retryAfter != null && this.retryAfter.compareTo(LONG) > 0);
	}

}
