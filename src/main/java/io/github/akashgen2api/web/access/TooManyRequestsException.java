package io.github.akashgen2api.web.access;

import java.time.Duration;

/**
 * A key exceeds the configured rate.
 */
public class TooManyRequestsException extends RuntimeException {

	private final Duration retryAfter;

	TooManyRequestsException(Duration retryAfter) {
		super("Too many requests with this key");
		this.retryAfter = retryAfter;
	}

	/**
	 * When the key may be used again.
	 */
	public Duration retryAfter() {
		return this.retryAfter;
	}

}
