package io.github.akashgen2api.openai;

/**
 * The shape of answers and errors that a client expects.
 */
public enum Dialect {

	/** For clients that follow the README: {@code {"error":"…","details":…}}. */
	SIMPLE,

	/** For OpenAI clients: {@code {"error":{"message":"…",…}}}. */
	OPENAI

}
