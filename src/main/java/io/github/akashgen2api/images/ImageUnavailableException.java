package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.JobId;

/**
 * A job has succeeded, but its image cannot be fetched or stored.
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
	 * The job that made the image.
	 */
	public JobId jobId() {
		return this.jobId;
	}

	/**
	 * Why the last attempt failed: an {@code AkashGenException} or an
	 * {@code ImageStorageException}.
	 */
	public RuntimeException reason() {
		return this.reason;
	}

}
