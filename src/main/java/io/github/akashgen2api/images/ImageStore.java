package io.github.akashgen2api.images;

import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

import io.github.akashgen2api.akash.ImageSink;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;

/**
 * Keeps finished images, as AkashGen's own links may not last. It has a bound; those used
 * least recently are removed first.
 */
interface ImageStore extends ImageSink {

	/**
	 * The image of a job, where it is kept. Counts as a use.
	 */
	Optional<StoredImage> find(JobId id);

	/**
	 * A conversion of the image of a job, where it is kept. Counts as a use.
	 * @param conversion names it, in lower-case letters, digits and hyphens
	 */
	Optional<StoredImage> findConversion(JobId id, String conversion);

	/**
	 * Store a conversion of the image of a job.
	 * @param conversion names it, as above
	 * @param encoder writes it
	 * @throws ImageStorageException if it cannot be kept
	 */
	StoredImage storeConversion(JobId id, String conversion, Consumer<OutputStream> encoder);

	/**
	 * Remove the image of a job and all its conversions.
	 */
	void delete(JobId id);

}
