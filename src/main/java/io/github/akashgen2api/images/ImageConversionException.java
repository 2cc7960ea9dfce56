package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.JobId;

/**
 * An image exists, but cannot be converted to another format. The message says why.
 */
public class ImageConversionException extends RuntimeException {

	private final JobId jobId;

	ImageConversionException(JobId jobId, String message, Throwable cause) {
		super(message, cause);
		this.jobId = jobId;
	}

	/**
	 * The job that made the image.
	 */
	public JobId jobId() {
		return this.jobId;
	}

}
