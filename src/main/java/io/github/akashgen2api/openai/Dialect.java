package io.github.akashgen2api.openai;

/**
 * Which of the two kinds of caller is spoken to.
 */
public enum Dialect {

	/** One who follows the README: {@code {"error":"…","details":…}}. */
	SIMPLE,

	/** One who uses an OpenAI client: {@code {"error":{"message":"…",…}}}. */
	OPENAI

}
