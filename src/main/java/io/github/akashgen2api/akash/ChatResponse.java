package io.github.akashgen2api.akash;

import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the body of AkashGen's answer to a conversation says. It looks like a data stream
 * of the AI SDK, a part a line, but the line that carries an image is neither JSON nor
 * one line as soon as the prompt holds an apostrophe, a quote or a newline: AkashGen
 * writes {@code '} as {@code \'} and leaves all else as it is (seen from July 2025 to May
 * 2026; before 2025-07-21 it left apostrophes alone too).
 */
sealed interface ChatResponse {

	/**
	 * Read a body, whole or cut.
	 * <p>
	 * The job's id is read only at the very start. All that stands before the prompt is
	 * written by AkashGen, while a prompt may hold a forged tag: searching the body for
	 * one would let a prompt choose the job. It counts however long the answer is.
	 * @param body the decoded body
	 */
	static ChatResponse read(String body, JsonMapper json) {
		return body.startsWith(Tag.START) ? Tag.read(body) : Lines.read(body, json);
	}

	/**
	 * An image is queued.
	 *
	 * @param job its id, and what AkashGen made of the caller's words
	 */
	record Queued(Job job) implements ChatResponse {
	}

	/**
	 * An image is mentioned, but its job has no usable id ({@code jobId='undefined'}).
	 *
	 * @param text what was said
	 */
	record MissingJobId(String text) implements ChatResponse {
	}

	/**
	 * The language model answered in words and painted nothing.
	 *
	 * @param text its words
	 */
	record Words(String text) implements ChatResponse {
	}

	/**
	 * An error part: something behind AkashGen failed.
	 *
	 * @param text what AkashGen says of it
	 */
	record ErrorPart(String text) implements ChatResponse {
	}

	/** More lines than any answer has. */
	record TooLong() implements ChatResponse {

		static final int MAX_LINES = 1000;

	}

	/** Nothing of the kind: a web page, nothing at all, or a beginning of something. */
	record Unreadable() implements ChatResponse {
	}

	/** The tag that announces an image. */
	final class Tag {

		private static final String START = "0:\"<image_generation> jobId='";

		private static final String PROMPT = "' prompt='";

		private static final String NEGATIVE_PROMPT = "' negative='";

		private static final String END = "'</image_generation>\"";

		private static final Pattern BARE_APOSTROPHE = Pattern.compile("(?<!\\\\)'");

		private Tag() {
		}

		private static ChatResponse read(String body) {
			int idEnd = body.indexOf('\'', START.length());
			if (idEnd < 0 || !body.startsWith(PROMPT, idEnd) || !JobId.isJobId(body.substring(START.length(), idEnd))) {
				return new MissingJobId(body);
			}
			JobId id = new JobId(body.substring(START.length(), idEnd));
			int valuesStart = idEnd + PROMPT.length();
			// What follows the true end is constant, so the last end is the true one.
			int valuesEnd = body.lastIndexOf(END);
			String values = (valuesEnd < valuesStart) ? "" : body.substring(valuesStart, valuesEnd);
			// Inside a value an apostrophe follows a backslash, so the separator cannot
			// lie in one, but a prompt may end with its beginning: take the last.
			int separator = values.lastIndexOf(NEGATIVE_PROMPT);
			if (separator < 0) {
				// Broken off; an end without a separator before it is a forged one.
				return new Queued(new Job(id, "", ""));
			}
			String prompt = values.substring(0, separator);
			String negativePrompt = values.substring(separator + NEGATIVE_PROMPT.length());
			return new Queued(new Job(id, unescape(prompt), unescape(negativePrompt)));
		}

		private static String unescape(String value) {
			boolean writtenBeforeEscaping = BARE_APOSTROPHE.matcher(value).find();
			return writtenBeforeEscaping ? value : value.replace("\\'", "'");
		}

	}

	/** All other answers: a part a line, its code, a colon and valid JSON. */
	final class Lines {

		private Lines() {
		}

		private static ChatResponse read(String body, JsonMapper json) {
			StringBuilder words = new StringBuilder();
			boolean isText = false;
			int start = 0;
			for (int lines = 0; start <= body.length(); lines++) {
				if (lines == TooLong.MAX_LINES) {
					return new TooLong();
				}
				int end = body.indexOf('\n', start);
				String line = body.substring(start, (end >= 0) ? end : body.length());
				start = (end >= 0) ? end + 1 : body.length() + 1;
				if (line.startsWith("3:")) {
					return new ErrorPart(string(line, json));
				}
				if (line.startsWith("0:")) {
					words.append(string(line, json));
				}
				isText |= line.startsWith("0:") || line.startsWith("f:");
			}
			return isText ? new Words(words.toString()) : new Unreadable();
		}

		private static String string(String line, JsonMapper json) {
			String value = line.substring(2).strip();
			try {
				return json.readTree(value).asString(value);
			}
			catch (JacksonException ex) {
				// Cut in the middle, or not what it should be: show it as it came.
				return value;
			}
		}

	}

}
