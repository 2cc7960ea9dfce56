package io.github.akashgen2api.images;

import java.time.Duration;

import io.github.akashgen2api.polling.PollingException;
import org.jspecify.annotations.Nullable;

/**
 * There is no picture to serve, or none yet.
 */
public class PictureNotFoundException extends RuntimeException {

	private final PollingException reason;

	private final @Nullable Duration retryAfter;

	PictureNotFoundException(PollingException reason, @Nullable Duration retryAfter) {
		super(reason.getMessage(), reason);
		this.reason = reason;
		this.retryAfter = retryAfter;
	}

	/**
	 * What became of the job.
	 */
	public PollingException reason() {
		return this.reason;
	}

	/**
	 * When asking again is worthwhile; {@code null} where it never is.
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

}
