package io.github.akashgen2api.akash;

/**
 * Takes the bytes of one image. It is discarded unless it is committed.
 */
public interface UncommittedImage extends AutoCloseable {

	/**
	 * Take some of the bytes.
	 * @param bytes holds them; not used after the call returns
	 * @throws ImageStorageException if they cannot be written
	 */
	void write(byte[] bytes, int offset, int length);

	/**
	 * Keep what was written as the image of a job, as a whole or not at all.
	 * @throws InvalidImageException if the bytes are no whole image
	 * @throws ImageStorageException if it cannot be kept
	 */
	void commit(JobId id);

	/**
	 * Discard what was written and not committed. Does not fail.
	 */
	@Override
	void close();

}
