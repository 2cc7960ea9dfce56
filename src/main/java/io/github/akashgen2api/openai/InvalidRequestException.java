package io.github.akashgen2api.openai;

/**
 * A request that the client has to correct. The message is for the client: the field and
 * what is wrong with it.
 */
public class InvalidRequestException extends RuntimeException {

	private final String field;

	private final String reason;

	InvalidRequestException(String field, String reason) {
		super(field + " " + reason);
		this.field = field;
		this.reason = reason;
	}

	InvalidRequestException(String field, String reason, RuntimeException cause) {
		super(field + " " + reason, cause);
		this.field = field;
		this.reason = reason;
	}

	/** The same for a request that has the value in another field. */
	InvalidRequestException at(String field) {
		return new InvalidRequestException(field, this.reason, this);
	}

	/**
	 * The path of the wrong field, such as {@code messages[0].content}.
	 */
	public String field() {
		return this.field;
	}

}
