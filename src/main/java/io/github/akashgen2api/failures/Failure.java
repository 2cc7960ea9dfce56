package io.github.akashgen2api.failures;

import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.akashgen2api.akash.Excerpt;
import io.github.akashgen2api.akash.JobId;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * What a caller is told, and what is logged, when something went wrong.
 *
 * @param status the HTTP status
 * @param error what happened
 * @param details more on it: the field that is wrong, or AkashGen's own words;
 * {@code null} where there is no more
 * @param retryAfter when asking again is worthwhile; {@code null} where waiting does not
 * help
 * @param jobId the job concerned; {@code null} where there is none
 * @param pictureMayCome whether the job's picture may still come
 * @param answer AkashGen's answer that was judged; {@code null} where none was
 */
record Failure(HttpStatus status, String error, @Nullable Object details, @Nullable Duration retryAfter,
		@Nullable JobId jobId, boolean pictureMayCome, @Nullable Excerpt answer) {

	static Failure of(HttpStatus status, String error, @Nullable Object details) {
		return new Failure(status, error, details, null, null, false, null);
	}

	Failure after(Duration retryAfter) {
		return new Failure(this.status, this.error, this.details, retryAfter, this.jobId, this.pictureMayCome,
				this.answer);
	}

	Failure concerning(JobId jobId) {
		return new Failure(this.status, this.error, this.details, this.retryAfter, jobId, this.pictureMayCome,
				this.answer);
	}

	Failure butPictureMayCome() {
		return new Failure(this.status, this.error, this.details, this.retryAfter, this.jobId, true, this.answer);
	}

	Failure judging(@Nullable Excerpt answer) {
		return new Failure(this.status, this.error, this.details, this.retryAfter, this.jobId, this.pictureMayCome,
				answer);
	}

	/**
	 * A failure in JSON.
	 *
	 * @param error what happened
	 * @param details more on it
	 * @param id the job whose picture may still come
	 * @param imageUrl where it will be
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Body(String error, @Nullable Object details, @Nullable String id, @Nullable String imageUrl) {
	}

}
