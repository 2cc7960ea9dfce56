package io.github.akashgen2api.web.body;

import java.io.IOException;

/**
 * A body is not the form that its {@code Content-Type} promises, or its fields are too
 * large. The message is for the client.
 */
public final class InvalidFormException extends IOException {

	InvalidFormException(String message) {
		super(message);
	}

}
