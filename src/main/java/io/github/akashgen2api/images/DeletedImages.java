package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.JobId;

/**
 * Knows the images that their owners have deleted, for a year.
 */
public interface DeletedImages {

	/**
	 * Whether the image was deleted, and is never to be fetched again.
	 */
	boolean contains(JobId id);

}
