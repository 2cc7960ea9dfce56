package io.github.akashgen2api.openai;

/**
 * A part of OpenAI's API that this service does not have. The message is for the client,
 * and says what there is instead.
 */
public class UnsupportedEndpointException extends RuntimeException {

	UnsupportedEndpointException(String message) {
		super(message);
	}

}
