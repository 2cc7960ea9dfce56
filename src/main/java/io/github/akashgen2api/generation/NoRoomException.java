package io.github.akashgen2api.generation;

/**
 * This service has no room for one more; AkashGen was not asked.
 */
public abstract sealed class NoRoomException extends RuntimeException {

	private NoRoomException(String message) {
		super(message);
	}

	/** As many pictures are being queued as there is room for. */
	public static final class TooManySubmits extends NoRoomException {

		TooManySubmits() {
			super("Too many pictures are being queued at once");
		}

	}

	/** As many callers wait for pictures as there is room for. */
	public static final class TooManyWaits extends NoRoomException {

		TooManyWaits() {
			super("Too many callers wait for pictures at once");
		}

	}

}
