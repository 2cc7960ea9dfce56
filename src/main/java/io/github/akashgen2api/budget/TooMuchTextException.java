package io.github.akashgen2api.budget;

/**
 * The text of all requests together exceeds the memory for it.
 */
public final class TooMuchTextException extends RuntimeException {

	TooMuchTextException() {
		super("The requests in progress contain too much text");
	}

}
