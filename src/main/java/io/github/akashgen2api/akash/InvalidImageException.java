package io.github.akashgen2api.akash;

/**
 * Bytes are no whole image of a known format. The message says why, as in
 * {@code truncated PNG}.
 */
public class InvalidImageException extends RuntimeException {

	InvalidImageException(String reason) {
		super(reason);
	}

}
