package io.github.akashgen2api.akash;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an answer of AkashGen's for the log. Written out by itself it
 * tells no words of AkashGen's, which may repeat the prompt.
 *
 * @param status its HTTP status
 * @param contentType what it claimed to be; {@code null} where it claimed nothing
 * @param start its first 200 characters at most, control characters escaped
 * @param length how many bytes of it came
 */
public record ResponseExcerpt(int status, @Nullable String contentType, String start, int length) {

	private static final int MAX_CHARS = 200;

	private static final Pattern PROMPT = Pattern.compile("( prompt=').*", Pattern.DOTALL);

	static ResponseExcerpt of(int status, @Nullable String contentType, String start, int length) {
		return new ResponseExcerpt(status, (contentType != null) ? printable(contentType) : null, printable(start),
				length);
	}

	/**
	 * Make words of AkashGen's fit for a log: 200 characters of them at most, control
	 * characters escaped, and without the prompt, which is its caller's own business.
	 */
	public static String printable(String text) {
		StringBuilder escaped = new StringBuilder();
		PROMPT.matcher(text).replaceFirst("$1…").codePoints().limit(MAX_CHARS).forEach((character) -> {
			switch (Character.getType(character)) {
				case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
						Character.SURROGATE ->
					escaped.append("\\u%04x".formatted(character));
				default -> escaped.appendCodePoint(character);
			}
		});
		return escaped.toString();
	}

	/**
	 * Everything, with AkashGen's words.
	 */
	public String withWords() {
		return this.status + " " + this.contentType + " \"" + this.start + "\"";
	}

	@Override
	public String toString() {
		return this.status + " " + this.contentType + " (" + this.length + " bytes)";
	}

}
