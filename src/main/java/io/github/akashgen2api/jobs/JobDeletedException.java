package io.github.akashgen2api.jobs;

/**
 * A client has deleted the job that others still wait for.
 */
public final class JobDeletedException extends RuntimeException {

	/**
	 * The job was deleted.
	 */
	public JobDeletedException() {
		super("The job was deleted");
	}

}
