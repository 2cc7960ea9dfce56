package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.JobId;

/**
 * Learns of each image, and of each conversion of one, that is stored.
 */
public interface StoredImageListener {

	/**
	 * An image has been stored.
	 * @param id the job whose image it is
	 * @param sha256 the SHA-256 of its bytes, 64 hex digits
	 */
	void stored(JobId id, String sha256);

}
