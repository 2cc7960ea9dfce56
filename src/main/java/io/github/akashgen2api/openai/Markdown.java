package io.github.akashgen2api.openai;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Markdown as every chat app shows it, CommonMark or not. What could be markup in any of
 * them is written as a numeric character reference, which none of them takes for markup
 * and all of them show as the character.
 */
final class Markdown {

	/**
	 * A line break may end a paragraph, begin a block, or swallow the picture before it.
	 */
	private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cc}\\x{2028}\\x{2029}]+");

	/**
	 * Punctuation of CommonMark, HTML, tables, footnotes, mathematics, directives and
	 * bare addresses; and what begins a list where it begins the line.
	 */
	private static final Pattern MARKUP = Pattern
		.compile("[\\\\`*_{}\\[\\]<>#|~$:@=^&]|^[-+]|(?<=^\\d{1,9})[.)]|(?<=(?i:www))\\.");

	private static final Pattern REFERENCE = Pattern.compile("&#(\\d{1,3});");

	private Markdown() {
	}

	/**
	 * Text in one line that shows as it is.
	 */
	static String text(String words) {
		return MARKUP.matcher(oneLine(words)).replaceAll((markup) -> "&#" + (int) markup.group().charAt(0) + ";");
	}

	/**
	 * A picture.
	 * @param alternative what it shows, in words
	 * @param url an address that is percent-encoded but for parentheses
	 */
	static String image(String alternative, String url) {
		return "![" + text(alternative) + "](" + url.replace("(", "%28").replace(")", "%29") + ")";
	}

	/**
	 * The words that {@link #text} was given, but for their line breaks.
	 */
	static String plain(String markdown) {
		return REFERENCE.matcher(markdown).replaceAll((reference) -> {
			int character = Integer.parseInt(reference.group(1));
			return Matcher.quoteReplacement(
					(character >= ' ' && character < 127) ? String.valueOf((char) character) : reference.group());
		});
	}

	static String oneLine(String words) {
		return SPACE.matcher(words).replaceAll(" ").strip();
	}

}
