package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.JobId;

/**
 * A job is done, but its picture cannot be had.
 */
public class ImageUnavailableException extends RuntimeException {

	private final JobId jobId;

	private final transient RuntimeException reason;

	ImageUnavailableException(JobId jobId, RuntimeException reason) {
		super(reason.getMessage(), reason);
		this.jobId = jobId;
		this.reason = reason;
	}

	/**
	 * The job whose picture it is.
	 */
	public JobId jobId() {
		return this.jobId;
	}

	/**
	 * What the last attempt met: an {@code AkashGenException}, or an
	 * {@code ImageStorageException}.
	 */
	public RuntimeException reason() {
		return this.reason;
	}

}
