package io.github.akashgen2api.openai;

/**
 * There is no such model. The message says so.
 */
public class ModelNotFoundException extends RuntimeException {

	ModelNotFoundException(String id) {
		super("The model '" + id + "' does not exist");
	}

}
