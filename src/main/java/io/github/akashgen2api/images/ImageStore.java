package io.github.akashgen2api.images;

import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

import io.github.akashgen2api.akash.ImageSink;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;

/**
 * Stores images, as AkashGen's own links may not last. Its size is bounded: images used
 * least recently are removed first.
 */
interface ImageStore extends ImageSink {

	/**
	 * Find the image of a job. Counts as a use.
	 */
	Optional<StoredImage> find(JobId id);

	/**
	 * Find a conversion of the image of a job. Counts as a use.
	 * @param conversion its name, in lower-case letters, digits and hyphens
	 */
	Optional<StoredImage> findConversion(JobId id, String conversion);

	/**
	 * Store a conversion of the image of a job.
	 * @param conversion its name, as above
	 * @param encoder writes the bytes
	 * @throws ImageStorageException if it cannot be stored
	 */
	StoredImage storeConversion(JobId id, String conversion, Consumer<OutputStream> encoder);

	/**
	 * Remove the image of a job and its conversions.
	 */
	void delete(JobId id);

	/**
	 * Pass on every stored image, conversions included, in no particular order.
	 */
	void list(Consumer<StoredImage> images);

}
