package io.github.akashgen2api.generation;

/**
 * The process ended while it submitted an image, so whether AkashGen started a job is not
 * known. It is not submitted again.
 */
public final class OutcomeUnknownException extends RuntimeException {

	OutcomeUnknownException() {
		super("The service ended while it submitted this image, and whether AkashGen started a job is not known");
	}

}
