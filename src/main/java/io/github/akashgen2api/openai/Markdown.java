package io.github.akashgen2api.openai;

import java.util.regex.Pattern;

/**
 * Creates Markdown that all chat apps render the same, CommonMark or not.
 * <p>
 * A backslash escapes markup where all apps support it. Elsewhere, an invisible character
 * separates markup from what follows it. Character references do not work: Open WebUI
 * shows them as written, and GitHub's dialect finds URLs in the decoded text. A backslash
 * before a bracket does not work either, as many apps render it as LaTeX.
 */
final class Markdown {

	/** Has no width and permits no line break. */
	private static final String WORD_JOINER = "\u2060";

	/**
	 * A line break may end a paragraph, begin a block, or hide the image before it.
	 */
	private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cc}\\x{2028}\\x{2029}]+");

	/**
	 * Markup that depends on what follows: links, tags, references, macros, bare URLs.
	 */
	private static final Pattern OPENING = Pattern.compile("[\\\\\\[\\]{<&@]|(?i:www)(?=\\.)");

	/**
	 * A colon before a directive's name needs an escape, and one in a URL needs a
	 * character that separates.
	 */
	private static final Pattern COLON = Pattern.compile(":(?=\\S)");

	/** Emphasis, code and mathematics. A last dollar sign encloses nothing. */
	private static final Pattern ENCLOSING = Pattern.compile("[*_`~]|\\$(?=[^$]*+\\$)");

	/** A heading, a quotation or a list at the start of the line. */
	private static final Pattern BLOCK = Pattern.compile("^(?=[#>+\\-0-9])");

	private static final Pattern ESCAPED = Pattern.compile("\\\\([*_`~$:])");

	private static final Pattern BRACKET = Pattern.compile("[\\[\\]]");

	private Markdown() {
	}

	/**
	 * Markdown of one line that renders as the given text.
	 */
	static String text(String text) {
		String escaped = OPENING.matcher(oneLine(text)).replaceAll("$0" + WORD_JOINER);
		escaped = COLON.matcher(escaped).replaceAll("\\\\:" + WORD_JOINER);
		escaped = ENCLOSING.matcher(escaped).replaceAll("\\\\$0");
		return BLOCK.matcher(escaped).replaceFirst(WORD_JOINER);
	}

	/**
	 * Markdown of an image.
	 * @param alternative the alternative text; its brackets are removed, as apps disagree
	 * on how they are escaped
	 * @param url percent-encoded except for parentheses
	 */
	static String image(String alternative, String url) {
		return "![" + text(BRACKET.matcher(alternative).replaceAll("")) + "]("
				+ url.replace("(", "%28").replace(")", "%29") + ")";
	}

	/**
	 * The text that {@link #text} was given, without its line breaks.
	 */
	static String plain(String markdown) {
		return ESCAPED.matcher(markdown).replaceAll("$1").replace(WORD_JOINER, "");
	}

	static String oneLine(String text) {
		return SPACE.matcher(text).replaceAll(" ").strip();
	}

}
