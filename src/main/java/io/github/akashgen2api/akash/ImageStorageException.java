package io.github.akashgen2api.akash;

import java.io.IOException;

/**
 * An image that has arrived cannot be kept: the fault is on this machine, not AkashGen's.
 */
public class ImageStorageException extends RuntimeException {

	/**
	 * Report an image that cannot be kept.
	 * @param reason what is wrong, without a path
	 */
	public ImageStorageException(String reason) {
		super("The image cannot be stored: " + reason);
	}

	/**
	 * Report an image that cannot be kept.
	 */
	public ImageStorageException(IOException cause) {
		super("The image cannot be stored: " + cause.getClass().getSimpleName(), cause);
	}

}
