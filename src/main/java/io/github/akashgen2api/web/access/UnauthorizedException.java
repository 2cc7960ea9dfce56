package io.github.akashgen2api.web.access;

/**
 * A request has no key, or an invalid one. The message says which.
 */
public class UnauthorizedException extends RuntimeException {

	UnauthorizedException(String message) {
		super(message);
	}

}
