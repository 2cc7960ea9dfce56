package io.github.akashgen2api.openai;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.akashgen2api.akash.Message;
import tools.jackson.databind.json.JsonMapper;

/**
 * Open WebUI's auxiliary requests. Each is one message with a template and a transcript
 * of the chat, and expects JSON with one field.
 */
final class OpenWebUiTasks {

	private static final String START = "### Task:";

	/** Everything from here on is the transcript. */
	private static final String TRANSCRIPT = "<chat_history>";

	/**
	 * The template names the field of the answer. The template for questions about
	 * documents has the same start, but names no field.
	 */
	private static final Pattern FIELD = Pattern.compile("\\{\\s*\"(title|tags|follow_ups|queries|prompt|text)\"\\s*:");

	private final JsonMapper json;

	OpenWebUiTasks(JsonMapper json) {
		this.json = json;
	}

	Optional<String> answer(List<Message> conversation) {
		String task = conversation.getLast().content();
		if (conversation.size() > 1 || !task.startsWith(START)) {
			return Optional.empty();
		}
		String template = task.contains(TRANSCRIPT) ? task.substring(0, task.indexOf(TRANSCRIPT)) : task;
		Matcher field = FIELD.matcher(template);
		return field.find() ? Optional.of(answer(field.group(1), Transcript.userTexts(task))) : Optional.empty();
	}

	private String answer(String field, List<String> userTexts) {
		Object value = switch (field) {
			case "title" -> Transcript.title(userTexts.isEmpty() ? "" : userTexts.getFirst());
			case "tags" -> List.of("General");
			case "follow_ups", "queries" -> List.of();
			case "prompt" -> userTexts.isEmpty() ? "" : userTexts.getLast();
			default -> "";
		};
		return this.json.writeValueAsString(Map.of(field, value));
	}

}
