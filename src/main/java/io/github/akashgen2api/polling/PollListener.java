package io.github.akashgen2api.polling;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each poll of a job.
 */
public interface PollListener {

	/**
	 * AkashGen was asked where the job stands.
	 * @param status where it stands; {@code null} if AkashGen did not tell
	 * @param error why AkashGen did not tell; {@code null} if it did
	 */
	void onPolled(@Nullable JobStatus status, @Nullable AkashGenException error);

	/** Whether a client waits for the job now. */
	boolean isWaitedFor();

}
