package io.github.akashgen2api.web.body;

import java.time.Duration;

import org.springframework.util.unit.DataSize;

/**
 * A request is too large, or there are too many at once. The message is for the client.
 */
public abstract sealed class LargeRequestException extends RuntimeException {

	private LargeRequestException(String message) {
		super(message);
	}

	/**
	 * The body exceeds the limit for all requests.
	 */
	public static final class TooLarge extends LargeRequestException {

		TooLarge(DataSize limit) {
			super("The request body is larger than " + limit.toMegabytes() + " MB");
		}

	}

	/**
	 * Too many bodies are being read at once.
	 */
	public static final class TooMany extends LargeRequestException {

		private final Duration retryAfter;

		TooMany(String message, Duration retryAfter) {
			super(message);
			this.retryAfter = retryAfter;
		}

		/**
		 * When a repeated request may succeed.
		 */
		public Duration retryAfter() {
			return this.retryAfter;
		}

	}

}
