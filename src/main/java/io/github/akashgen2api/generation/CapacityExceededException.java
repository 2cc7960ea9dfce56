package io.github.akashgen2api.generation;

/**
 * This service has no room for one more; AkashGen was not asked.
 */
public abstract sealed class CapacityExceededException extends RuntimeException {

	private CapacityExceededException(String message) {
		super(message);
	}

	/** As many pictures are being queued as there is room for. */
	public static final class TooManySubmits extends CapacityExceededException {

		TooManySubmits() {
			super("Too many pictures are being queued at once");
		}

	}

	/** As many callers wait for pictures as there is room for. */
	public static final class TooManyWaits extends CapacityExceededException {

		TooManyWaits() {
			super("Too many callers wait for pictures at once");
		}

	}

}
