package io.github.akashgen2api.web.access;

/**
 * A caller without a key, or with a wrong one. The message says which.
 */
public class UnauthorizedException extends RuntimeException {

	UnauthorizedException(String message) {
		super(message);
	}

}
