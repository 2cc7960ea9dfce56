package io.github.akashgen2api.openai;

import java.util.regex.Pattern;

/**
 * Markdown as every chat app shows it, CommonMark or not. What could be markup is escaped
 * by a backslash where all of them know that, and elsewhere kept from what follows by a
 * character that is not seen. Character references would not do: Open WebUI shows them as
 * they are written, and GitHub's dialect looks for addresses in what they stand for. Nor
 * would a backslash before a bracket, which many take for LaTeX.
 */
final class Markdown {

	/** Has no width, and lets no line break in. */
	private static final String WORD_JOINER = "\u2060";

	/**
	 * A line break may end a paragraph, begin a block, or swallow the picture before it.
	 */
	private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cc}\\x{2028}\\x{2029}]+");

	/**
	 * What is markup by what follows: links, tags, references, macros and bare addresses.
	 */
	private static final Pattern OPENING = Pattern.compile("[\\\\\\[\\]{<&@]|(?i:www)(?=\\.)");

	/**
	 * Before a directive's name only an escape helps, and in an address only something
	 * between the characters.
	 */
	private static final Pattern COLON = Pattern.compile(":(?=\\S)");

	/** Of emphasis, code and mathematics; a last dollar sign has nothing to enclose. */
	private static final Pattern ENCLOSING = Pattern.compile("[*_`~]|\\$(?=[^$]*+\\$)");

	/** A heading, a quotation or a list, where it begins the line. */
	private static final Pattern BLOCK = Pattern.compile("^(?=[#>+\\-0-9])");

	private static final Pattern ESCAPED = Pattern.compile("\\\\([*_`~$:])");

	private static final Pattern BRACKET = Pattern.compile("[\\[\\]]");

	private Markdown() {
	}

	/**
	 * Text in one line that shows as it is.
	 */
	static String text(String words) {
		String text = OPENING.matcher(oneLine(words)).replaceAll("$0" + WORD_JOINER);
		text = COLON.matcher(text).replaceAll("\\\\:" + WORD_JOINER);
		text = ENCLOSING.matcher(text).replaceAll("\\\\$0");
		return BLOCK.matcher(text).replaceFirst(WORD_JOINER);
	}

	/**
	 * A picture.
	 * @param alternative what it shows, in words; brackets in it are left out, for no two
	 * apps agree on how they are escaped
	 * @param url an address that is percent-encoded but for parentheses
	 */
	static String image(String alternative, String url) {
		return "![" + text(BRACKET.matcher(alternative).replaceAll("")) + "]("
				+ url.replace("(", "%28").replace(")", "%29") + ")";
	}

	/**
	 * The words that {@link #text} was given, but for their line breaks.
	 */
	static String plain(String markdown) {
		return ESCAPED.matcher(markdown).replaceAll("$1").replace(WORD_JOINER, "");
	}

	static String oneLine(String words) {
		return SPACE.matcher(words).replaceAll(" ").strip();
	}

}
