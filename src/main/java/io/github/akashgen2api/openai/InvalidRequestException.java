package io.github.akashgen2api.openai;

/**
 * A request that the caller has to correct. The message says what is wrong.
 */
public class InvalidRequestException extends RuntimeException {

	private final String field;

	InvalidRequestException(String field, String reason) {
		super(field + " " + reason);
		this.field = field;
	}

	InvalidRequestException(String field, String reason, RuntimeException cause) {
		super(field + " " + reason, cause);
		this.field = field;
	}

	/**
	 * The field that is wrong, as a path: {@code messages[0].content}.
	 */
	public String field() {
		return this.field;
	}

}
