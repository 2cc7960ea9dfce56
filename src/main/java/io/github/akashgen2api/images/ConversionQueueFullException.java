package io.github.akashgen2api.images;

/**
 * Too many conversions are waiting. A repeat in some seconds may succeed.
 */
public class ConversionQueueFullException extends RuntimeException {

	ConversionQueueFullException() {
		super("Too many images are being converted");
	}

}
