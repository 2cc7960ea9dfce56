package io.github.akashgen2api.openai;

/**
 * No job of the client's key has the requested id. The message is for the client.
 */
public class JobNotFoundException extends RuntimeException {

	JobNotFoundException() {
		super("There is no job with this id, or it was started with another key");
	}

}
