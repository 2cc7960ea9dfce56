package io.github.akashgen2api.shutdown;

import io.github.akashgen2api.akash.JobId;
import org.jspecify.annotations.Nullable;

/**
 * The service stops before what was asked for has come.
 */
public final class ServiceStoppingException extends RuntimeException {

	private final transient @Nullable JobId jobId;

	/**
	 * Report a wait that was ended.
	 * @param jobId the job that was waited for; {@code null} where none is known
	 */
	public ServiceStoppingException(@Nullable JobId jobId) {
		super("The service is stopping");
		this.jobId = jobId;
	}

	/**
	 * The job that was waited for, whose image may still come; {@code null} where none is
	 * known.
	 */
	public @Nullable JobId jobId() {
		return this.jobId;
	}

}
