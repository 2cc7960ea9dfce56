package io.github.akashgen2api.generation;

/**
 * This service has no room for one more; AkashGen was not asked.
 */
public abstract sealed class CapacityExceededException extends RuntimeException {

	private CapacityExceededException(String message) {
		super(message);
	}

	/** The queue of submits is full. */
	public static final class TooManySubmits extends CapacityExceededException {

		TooManySubmits() {
			super("Too many images are being submitted at once");
		}

	}

	/** As many clients wait as memory permits. */
	public static final class TooManyWaits extends CapacityExceededException {

		TooManyWaits() {
			super("Too many clients wait for images at once");
		}

	}

}
