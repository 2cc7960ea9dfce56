package io.github.akashgen2api.generation;

/**
 * As many callers wait for pictures as this service has room for.
 */
public final class TooManyWaitingException extends RuntimeException {

	TooManyWaitingException() {
		super("Too many callers wait for pictures at once");
	}

}
