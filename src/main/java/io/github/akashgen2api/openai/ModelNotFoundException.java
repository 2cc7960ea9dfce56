package io.github.akashgen2api.openai;

/**
 * No model has the requested name. The message is for the client.
 */
public class ModelNotFoundException extends RuntimeException {

	ModelNotFoundException(String id) {
		super("The model '" + id + "' does not exist");
	}

}
