package io.github.akashgen2api.akash;

/**
 * Takes the bytes of images as they arrive from AkashGen, so that no image is held in
 * memory.
 */
public interface ImageSink {

	/**
	 * Begin to take an image.
	 * @return where its bytes go; to be closed
	 * @throws ImageStorageException if nothing can be written
	 */
	UncommittedImage open();

}
