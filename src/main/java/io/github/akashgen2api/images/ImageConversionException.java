package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.JobId;

/**
 * There is a picture, but it cannot be had in another format. The message says why.
 */
public class ImageConversionException extends RuntimeException {

	private final JobId jobId;

	ImageConversionException(JobId jobId, String message, Throwable cause) {
		super(message, cause);
		this.jobId = jobId;
	}

	/**
	 * The job whose picture it is.
	 */
	public JobId jobId() {
		return this.jobId;
	}

}
