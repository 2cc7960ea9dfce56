package io.github.akashgen2api.openai;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads the transcripts of chats that apps put into auxiliary requests.
 */
final class Transcript {

	private static final int MAX_TITLE = 50;

	/**
	 * A text of the user, in the order of the patterns: lines of Open WebUI, LobeChat and
	 * LibreChat; LobeChat's tags; Cherry Studio's JSON; LobeChat's quotations and lists.
	 */
	private static final List<Pattern> USER_TEXTS = List.of(Pattern.compile("(?im)^(?:user|human): (.*)$"),
			Pattern.compile("(?is)<user[^<>]*>(.*?)</user>"),
			Pattern.compile("\"role\"\\s*:\\s*\"user\"\\s*,\\s*\"mainText\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*+)\""),
			Pattern.compile("(?s)^输入: \\{(.*)} \\[[\\w-]+]$"), Pattern.compile("(?s)^提示词：\\s*1\\. ([^\\n]*)"));

	private Transcript() {
	}

	/**
	 * The texts of the user, oldest first; empty if the text is not a transcript.
	 */
	static List<String> userTexts(String transcript) {
		return USER_TEXTS.stream()
			.map((pattern) -> pattern.matcher(transcript).results().map((text) -> text.group(1).strip()).toList())
			.filter((texts) -> !texts.isEmpty())
			.findFirst()
			.orElse(List.of());
	}

	/**
	 * A title for a chat: the start of a text, cut between words.
	 */
	static String title(String text) {
		String title = Markdown.oneLine(text);
		if (title.isEmpty()) {
			return "Image";
		}
		if (title.length() <= MAX_TITLE) {
			return title;
		}
		int end = title.lastIndexOf(' ', MAX_TITLE);
		return title.substring(0, (end > 0) ? end : title.offsetByCodePoints(0, MAX_TITLE / 2)) + "…";
	}

}
