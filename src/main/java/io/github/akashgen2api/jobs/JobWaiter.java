package io.github.akashgen2api.jobs;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * A client that waits for a job. The job's thread calls it, so it must not block.
 */
public interface JobWaiter {

	/**
	 * Whether the client has disconnected. May be a system call.
	 */
	boolean isGone();

	/** AkashGen has named the job. */
	void onSubmitted(Job job);

	/**
	 * AkashGen was asked where the job stands, and it has not ended.
	 * @param status where it stands; {@code null} if AkashGen did not tell
	 * @param error why AkashGen did not tell; {@code null} if it did
	 */
	void onPolled(@Nullable JobStatus status, @Nullable AkashGenException error);

	/** The image is stored. */
	void onSucceeded();

	/** There is no image, or not yet. */
	void onFailed(RuntimeException reason);

}
