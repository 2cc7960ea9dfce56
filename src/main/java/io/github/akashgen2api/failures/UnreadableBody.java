package io.github.akashgen2api.failures;

import java.util.Collection;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;

import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;

/**
 * Says what is wrong with a body that could not be read, in the caller's terms: Jackson
 * speaks of our classes.
 */
final class UnreadableBody {

	private UnreadableBody() {
	}

	static Failure failure(HttpMessageNotReadableException ex) {
		return switch (ex.getCause()) {
			case MismatchedInputException mismatch when !mismatch.getPath().isEmpty() -> {
				String field = field(mismatch);
				yield Failure.ofField(field, field + " " + reason(mismatch));
			}
			case DatabindException _ ->
				Failure.ofField("body", "invalid_json", "The request body must be a JSON object");
			case StreamConstraintsException _ -> Failure.of(HttpStatus.BAD_REQUEST, "invalid_json",
					"The request body is too deep or holds too much", "body");
			case JacksonException broken ->
				Failure.of(HttpStatus.BAD_REQUEST, "invalid_json", "The request body is not valid JSON", place(broken));
			case null, default -> Failure.ofField("body", "invalid_json", "The request body is missing or broke off");
		};
	}

	/** A path such as {@code messages[0].content}. */
	private static String field(DatabindException ex) {
		StringBuilder field = new StringBuilder();
		for (JacksonException.Reference reference : ex.getPath()) {
			if (reference.getPropertyName() == null) {
				field.append('[').append(reference.getIndex()).append(']');
			}
			else {
				field.append(field.isEmpty() ? "" : ".").append(reference.getPropertyName());
			}
		}
		return field.toString();
	}

	private static String reason(MismatchedInputException ex) {
		String message = String.valueOf(ex.getOriginalMessage());
		if (message.startsWith("must ")) {
			return message;
		}
		Class<?> type = (ex.getTargetType() != null) ? ex.getTargetType() : Object.class;
		if (Collection.class.isAssignableFrom(type)) {
			return "must be an array";
		}
		if (type == Boolean.class) {
			return "must be true or false";
		}
		if (type == String.class) {
			return "must be a string";
		}
		if (Number.class.isAssignableFrom(type)) {
			return "must be a number";
		}
		return "must be an object";
	}

	private static String place(JacksonException ex) {
		TokenStreamLocation location = ex.getLocation();
		return "body, line " + location.getLineNr() + ", column " + location.getColumnNr();
	}

}
