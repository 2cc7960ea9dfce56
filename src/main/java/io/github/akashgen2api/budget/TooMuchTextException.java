package io.github.akashgen2api.budget;

/**
 * The text of all requests together is more than there is memory for.
 */
public final class TooMuchTextException extends RuntimeException {

	TooMuchTextException() {
		super("Too much text is being held at once");
	}

}
