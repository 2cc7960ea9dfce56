package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;

/**
 * A job is done, but its picture cannot be had.
 */
public class PictureUnavailableException extends RuntimeException {

	private final JobId jobId;

	private final AkashGenException reason;

	PictureUnavailableException(JobId jobId, AkashGenException reason) {
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
	 * What the last attempt met.
	 */
	public AkashGenException reason() {
		return this.reason;
	}

}
