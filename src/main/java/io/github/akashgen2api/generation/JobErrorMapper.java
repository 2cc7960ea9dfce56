package io.github.akashgen2api.generation;

import io.github.akashgen2api.jobs.JobError;

/**
 * Says why a job failed in the words of an error response.
 */
public interface JobErrorMapper {

	/**
	 * Map what a job has failed with.
	 */
	JobError jobError(Throwable failure);

}
