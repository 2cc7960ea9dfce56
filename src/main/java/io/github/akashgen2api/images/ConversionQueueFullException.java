package io.github.akashgen2api.images;

/**
 * Too many conversions wait already. A repeat in some seconds may be served.
 */
public class ConversionQueueFullException extends RuntimeException {

	ConversionQueueFullException() {
		super("Too many images are being converted");
	}

}
