package io.github.akashgen2api.web.body;

import java.time.Duration;

import org.springframework.util.unit.DataSize;

/**
 * A request that is larger than can be taken. The message says so in a caller's terms.
 */
public abstract sealed class LargeRequestException extends RuntimeException {

	private LargeRequestException(String message) {
		super(message);
	}

	/**
	 * Larger than is ever taken.
	 */
	public static final class TooLarge extends LargeRequestException {

		TooLarge(DataSize limit) {
			super("The request body is larger than " + limit.toMegabytes() + " MB");
		}

	}

	/**
	 * Too many at once.
	 */
	public static final class TooMany extends LargeRequestException {

		private final Duration retryAfter;

		TooMany(String message, Duration retryAfter) {
			super(message);
			this.retryAfter = retryAfter;
		}

		/**
		 * When asking again is worthwhile.
		 */
		public Duration retryAfter() {
			return this.retryAfter;
		}

	}

}
