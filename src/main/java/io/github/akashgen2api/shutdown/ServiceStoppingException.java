package io.github.akashgen2api.shutdown;

import io.github.akashgen2api.akash.JobId;
import org.jspecify.annotations.Nullable;

/**
 * The service stops before a request is finished.
 */
public final class ServiceStoppingException extends RuntimeException {

	private final transient @Nullable JobId jobId;

	/**
	 * Create an exception.
	 * @param jobId the job of the request; {@code null} if it has none yet
	 */
	public ServiceStoppingException(@Nullable JobId jobId) {
		super("The service is stopping");
		this.jobId = jobId;
	}

	/**
	 * The job of the request, whose image may still come; {@code null} if it has none
	 * yet.
	 */
	public @Nullable JobId jobId() {
		return this.jobId;
	}

}
