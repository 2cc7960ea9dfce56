package io.github.akashgen2api.images;

import java.time.Duration;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.ResponseExcerpt;
import io.github.akashgen2api.polling.PollingException;
import org.jspecify.annotations.Nullable;

/**
 * A job has no image, or none yet. The message says why.
 */
public class ImageNotFoundException extends RuntimeException {

	private final JobId jobId;

	private final transient @Nullable ResponseExcerpt answer;

	private final @Nullable Duration retryAfter;

	ImageNotFoundException(JobId jobId, @Nullable String message, @Nullable ResponseExcerpt answer,
			@Nullable Duration retryAfter) {
		super(message);
		this.jobId = jobId;
		this.answer = answer;
		this.retryAfter = retryAfter;
	}

	ImageNotFoundException(PollingException cause, @Nullable Duration retryAfter) {
		super(cause.getMessage(), cause);
		this.jobId = cause.jobId();
		this.answer = cause.answer();
		this.retryAfter = retryAfter;
	}

	static ImageNotFoundException deleted(JobId jobId) {
		return new ImageNotFoundException(jobId, "The image was deleted", null, null);
	}

	/**
	 * The job whose image was requested.
	 */
	public JobId jobId() {
		return this.jobId;
	}

	/**
	 * AkashGen's last answer; {@code null} if there was none.
	 */
	public @Nullable ResponseExcerpt answer() {
		return this.answer;
	}

	/**
	 * After which time a repeat is worthwhile; {@code null} if it never is.
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

}
