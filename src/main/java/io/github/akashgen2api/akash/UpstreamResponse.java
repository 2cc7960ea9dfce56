package io.github.akashgen2api.akash;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/**
 * An answer of AkashGen's, of whatever status.
 */
final class UpstreamResponse {

	/** Enough for the characters of an excerpt. */
	static final int EXCERPT_BYTES = 1024;

	private final String what;

	private final int status;

	private final HttpHeaders headers;

	private final byte[] body;

	private final End end;

	private final JsonMapper json;

	/**
	 * Remember an answer.
	 * @param what was requested
	 * @param end how the body ended
	 */
	UpstreamResponse(String what, int status, HttpHeaders headers, byte[] body, End end, JsonMapper json) {
		this.what = what;
		this.status = status;
		this.headers = headers;
		this.body = body;
		this.end = end;
		this.json = json;
	}

	/**
	 * What was requested.
	 */
	String what() {
		return this.what;
	}

	int status() {
		return this.status;
	}

	@Nullable String header(String name) {
		return this.headers.getFirst(name);
	}

	List<String> headers(String name) {
		return this.headers.getOrDefault(name, List.of());
	}

	byte[] body() {
		return this.body;
	}

	boolean isWhole() {
		return this.end == End.PROPER;
	}

	boolean isTooLarge() {
		return this.end == End.TOO_LARGE;
	}

	boolean isLate() {
		return this.end == End.LATE;
	}

	String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/**
	 * The body as JSON, whatever its content type claims; empty where it is none.
	 */
	Optional<JsonNode> json() {
		try {
			JsonNode root = this.json.readTree(this.body);
			return root.isMissingNode() ? Optional.empty() : Optional.of(root);
		}
		catch (JacksonException ex) {
			return Optional.empty();
		}
	}

	/**
	 * A text field of the JSON body; empty where there is none.
	 */
	String field(String name) {
		return json().map((root) -> root.path(name).asString("")).orElse("");
	}

	boolean isWebPage() {
		return text().stripLeading().startsWith("<");
	}

	/**
	 * What AkashGen says in this answer about its reasons; empty for a web page.
	 */
	String upstreamMessage() {
		if (isWebPage()) {
			return "";
		}
		String message = field("message");
		String error = field("error");
		if (!message.isEmpty() || !error.isEmpty()) {
			return message.isEmpty() ? error : message;
		}
		return text().strip();
	}

	ResponseExcerpt excerpt() {
		@Nullable String contentType = header("Content-Type");
		String start = new String(this.body, 0, Math.min(this.body.length, EXCERPT_BYTES), StandardCharsets.UTF_8);
		return ResponseExcerpt.of(this.status, contentType, start, this.body.length);
	}

	/** How a body ended. */
	enum End {

		/** As it should. */
		PROPER,

		/** The connection was cut. */
		CUT,

		/** It was not there in time. */
		LATE,

		/** There was more than is read. */
		TOO_LARGE

	}

}
