package io.github.akashgen2api.openai;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.Message;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Answers what a chat app asks on its own account: a title for the chat, tags, follow-up
 * questions. Open WebUI (0.6 and later) sends such questions to the model that is chatted
 * with; each would cost a picture of nothing.
 */
@Component
class Chores {

	private static final String START = "### Task:";

	/** Behind it stands what people wrote. */
	private static final String HISTORY = "<chat_history>";

	/**
	 * The template names the answer's one field. Its other template that starts the same,
	 * for questions about documents, names none.
	 */
	private static final Pattern FIELD = Pattern.compile("\\{\\s*\"(title|tags|follow_ups|queries|prompt|text)\"\\s*:");

	private static final Pattern USER_SAYS = Pattern.compile("^USER: (.*)$", Pattern.MULTILINE);

	private static final int MAX_TITLE = 50;

	private final boolean answered;

	private final JsonMapper json;

	Chores(OpenAiSettings settings, JsonMapper json) {
		this.answered = settings.answerChores();
		this.json = json;
	}

	/**
	 * The answer to a chore.
	 * @return empty if the conversation is none
	 */
	Optional<Reply> answer(List<Message> conversation) {
		String question = conversation.getLast().content();
		if (!this.answered || conversation.size() > 1 || !question.startsWith(START)) {
			return Optional.empty();
		}
		String template = question.contains(HISTORY) ? question.substring(0, question.indexOf(HISTORY)) : question;
		Matcher field = FIELD.matcher(template);
		return field.find() ? Optional.of(answer(field.group(1), question)) : Optional.empty();
	}

	private Reply answer(String field, String question) {
		Object value = switch (field) {
			case "title" -> title(userSays(question).findFirst().orElse(""));
			case "tags" -> List.of("General");
			case "follow_ups", "queries" -> List.of();
			case "prompt" -> userSays(question).reduce((_, last) -> last).orElse("");
			default -> "";
		};
		return Reply.words(this.json.writeValueAsString(Map.of(field, value)));
	}

	private static Stream<String> userSays(String question) {
		return USER_SAYS.matcher(question).results().map((said) -> said.group(1).strip());
	}

	/** What the user wanted first, cut between words. */
	private static String title(String said) {
		if (said.isEmpty()) {
			return "Picture";
		}
		if (said.length() <= MAX_TITLE) {
			return said;
		}
		int end = said.lastIndexOf(' ', MAX_TITLE);
		return said.substring(0, (end > 0) ? end : said.offsetByCodePoints(0, MAX_TITLE / 2)) + "…";
	}

}
