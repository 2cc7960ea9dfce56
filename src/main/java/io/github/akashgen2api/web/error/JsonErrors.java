package io.github.akashgen2api.web.error;

import java.io.CharConversionException;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

import io.github.akashgen2api.web.body.InvalidFormException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;

/**
 * Describes a body that could not be read in the terms of the API. Jackson's messages
 * name our classes.
 */
final class JsonErrors {

	private static final Pattern LIMIT = Pattern.compile("\\((\\d+), from `StreamReadConstraints\\.getMax(\\w+)\\(");

	private JsonErrors() {
	}

	static ApiError error(HttpMessageNotReadableException ex) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(ex);
		if (root instanceof CharConversionException || root instanceof ZipException) {
			return ApiError.ofField("body", "invalid_encoding", String.valueOf(root.getMessage()));
		}
		if (root instanceof InvalidFormException) {
			return ApiError.ofField("body", "invalid_multipart", String.valueOf(root.getMessage()));
		}
		return switch (ex.getCause()) {
			case StreamConstraintsException exceeded -> {
				String field = field(exceeded);
				yield ApiError.ofField(field, "invalid_json", field + " " + limit(exceeded));
			}
			case MismatchedInputException mismatch when !mismatch.getPath().isEmpty() -> {
				String field = field(mismatch);
				yield ApiError.ofField(field, field + " " + reason(mismatch));
			}
			case DatabindException _ ->
				ApiError.ofField("body", "invalid_json", "The request body must be a JSON object");
			case JacksonException invalid -> ApiError.of(HttpStatus.BAD_REQUEST, "invalid_json",
					"The request body is not valid JSON", location(invalid));
			case null, default -> ApiError.ofField("body", "invalid_json", "The request body is missing or incomplete");
		};
	}

	/** A path such as {@code messages[0].content}. */
	private static String field(JacksonException ex) {
		StringBuilder field = new StringBuilder();
		for (JacksonException.Reference reference : ex.getPath()) {
			if (reference.getPropertyName() == null) {
				field.append('[').append(reference.getIndex()).append(']');
			}
			else {
				field.append(field.isEmpty() ? "" : ".").append(reference.getPropertyName());
			}
		}
		return field.isEmpty() ? "body" : field.toString();
	}

	/** Jackson's message names its own methods. */
	private static String limit(StreamConstraintsException ex) {
		Matcher limit = LIMIT.matcher(String.valueOf(ex.getOriginalMessage()));
		if (!limit.find()) {
			return "is too large to be read";
		}
		String most = "%,d".formatted(Long.parseLong(limit.group(1)));
		return switch (limit.group(2)) {
			case "TokenCount" -> "must not be in a request that holds more than " + most + " values";
			case "NestingDepth" -> "must not be nested deeper than " + most + " levels";
			default -> "must not be longer than " + most + " characters";
		};
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

	private static String location(JacksonException ex) {
		TokenStreamLocation location = ex.getLocation();
		return "body, line " + location.getLineNr() + ", column " + location.getColumnNr();
	}

}
