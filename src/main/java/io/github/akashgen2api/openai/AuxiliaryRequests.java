package io.github.akashgen2api.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.Message;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Answers in words what a chat app asks on its own account: a title for the chat, tags,
 * follow-up questions, whether the connection works. Such requests go to the model that
 * is chatted with, and each would cost an image of nothing.
 * <p>
 * Their texts stand in {@code auxiliary-requests.json}, as the apps shipped them in
 * November 2026 and before. Each is matched from its first character on, in the role that
 * the app sends it in, so that nobody who describes an image is taken for an app.
 */
@Component
class AuxiliaryRequests {

	/**
	 * The answer of a connection test has no more tokens; an image's address does not fit
	 * in.
	 */
	private static final int MAX_TEST_TOKENS = 16;

	private static final int MAX_TITLE = 50;

	private static final int MAX_SUMMARY = 500;

	private static final String OPEN_WEBUI = "### Task:";

	/** Behind it stands what people wrote. */
	private static final String HISTORY = "<chat_history>";

	/**
	 * Open WebUI's template names the answer's one field. Its other template that starts
	 * the same, for questions about documents, names none.
	 */
	private static final Pattern FIELD = Pattern.compile("\\{\\s*\"(title|tags|follow_ups|queries|prompt|text)\"\\s*:");

	/**
	 * What the user says in a transcript: Open WebUI's, LobeChat's and LibreChat's lines,
	 * LobeChat's tags, Cherry Studio's JSON, LobeChat's quotations and lists.
	 */
	private static final List<Pattern> USER_SAYS = List.of(Pattern.compile("(?im)^(?:user|human): (.*)$"),
			Pattern.compile("(?is)<user[^<>]*>(.*?)</user>"),
			Pattern.compile("\"role\"\\s*:\\s*\"user\"\\s*,\\s*\"mainText\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*+)\""),
			Pattern.compile("(?s)^输入: \\{(.*)} \\[[\\w-]+]$"), Pattern.compile("(?s)^提示词：\\s*1\\. ([^\\n]*)"));

	private final boolean answered;

	private final JsonMapper json;

	private final List<Template> templates;

	AuxiliaryRequests(OpenAiProperties settings, JsonMapper json) {
		this.answered = settings.answerChores();
		this.json = json;
		try (InputStream templates = AuxiliaryRequests.class.getResourceAsStream("auxiliary-requests.json")) {
			this.templates = List.of(json.readValue(Objects.requireNonNull(templates), Template[].class));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The answer to a request of an app's own.
	 * @param conversation what is said in the request
	 * @return empty if a person asks
	 */
	Optional<AssistantMessage> answer(ChatCompletionRequest request, List<Message> conversation) {
		if (!this.answered) {
			return Optional.empty();
		}
		if (request.maxTokens() != null && request.maxTokens() >= 1 && request.maxTokens() <= MAX_TEST_TOKENS) {
			return Optional.of(AssistantMessage.words("Hello! I paint what you describe."));
		}
		return openWebUi(conversation).or(() -> template(request).map((template) -> template.answer(conversation)))
			.map(AssistantMessage::words);
	}

	private Optional<String> openWebUi(List<Message> conversation) {
		String question = conversation.getLast().content();
		if (conversation.size() > 1 || !question.startsWith(OPEN_WEBUI)) {
			return Optional.empty();
		}
		String template = question.contains(HISTORY) ? question.substring(0, question.indexOf(HISTORY)) : question;
		Matcher field = FIELD.matcher(template);
		return field.find() ? Optional.of(openWebUi(field.group(1), question)) : Optional.empty();
	}

	private String openWebUi(String field, String question) {
		Object value = switch (field) {
			case "title" -> title(userSays(question).findFirst().orElse(""));
			case "tags" -> List.of("General");
			case "follow_ups", "queries" -> List.of();
			case "prompt" -> userSays(question).reduce((_, last) -> last).orElse("");
			default -> "";
		};
		return this.json.writeValueAsString(Map.of(field, value));
	}

	private Optional<Template> template(ChatCompletionRequest request) {
		List<ChatMessage> messages = request.checkedMessages();
		return this.templates.stream()
			.filter((template) -> template.isIn(messages.getFirst(), messages.getLast()))
			.findFirst();
	}

	private static Stream<String> userSays(String transcript) {
		return USER_SAYS.stream()
			.map((says) -> says.matcher(transcript).results().map((said) -> said.group(1).strip()).toList())
			.filter((said) -> !said.isEmpty())
			.findFirst()
			.orElse(List.of())
			.stream();
	}

	/** Cut between words. */
	private static String title(String said) {
		String title = Markdown.oneLine(said);
		if (title.isEmpty()) {
			return "Image";
		}
		if (title.length() <= MAX_TITLE) {
			return title;
		}
		int end = title.lastIndexOf(' ', MAX_TITLE);
		return title.substring(0, (end > 0) ? end : title.offsetByCodePoints(0, MAX_TITLE / 2)) + "…";
	}

	/**
	 * Who sends a template: the last message is the user's, or the first or last the
	 * system's.
	 */
	enum Sender {

		USER, SYSTEM

	}

	/** What is answered. */
	enum Answer {

		/** A title of the user's own words. */
		TITLE,

		/** All of the user's words that are known. */
		SUMMARY,

		/** A fixed text. */
		TEXT

	}

	/**
	 * A text that apps send.
	 *
	 * @param app the app, for readers of the file
	 * @param sender who sends it
	 * @param answer what is answered
	 * @param text the fixed text; {@code null} where there is none
	 * @param starts what it starts with, in each language
	 */
	record Template(String app, Sender sender, Answer answer, @Nullable String text, List<String> starts) {

		boolean isIn(ChatMessage first, ChatMessage last) {
			return switch (this.sender) {
				case USER -> last.isFromUser() && isStartOf(last);
				case SYSTEM -> (first.isInstruction() && isStartOf(first)) || (last.isInstruction() && isStartOf(last));
			};
		}

		private boolean isStartOf(ChatMessage message) {
			return this.starts.stream().anyMatch(message.text()::startsWith);
		}

		String answer(List<Message> conversation) {
			List<String> said = conversation.stream()
				.filter((message) -> message.role() == Message.Role.USER)
				.map(Message::content)
				.flatMap(this::ownWords)
				.toList();
			return switch (this.answer) {
				case TITLE ->
					title(said.isEmpty() ? "" : (this.sender == Sender.USER) ? said.getFirst() : said.getLast());
				case SUMMARY -> cut(String.join("; ", said));
				case TEXT -> Objects.requireNonNull(this.text);
			};
		}

		/** Neither the template, nor what was forgotten. */
		private Stream<String> ownWords(String message) {
			List<String> said = userSays(message).map(Template::unquoted).toList();
			if (!said.isEmpty()) {
				return (this.answer == Answer.TITLE) ? said.stream().limit(1) : said.stream();
			}
			boolean isWords = !message.equals(RecentMessages.FORGOTTEN)
					&& this.starts.stream().noneMatch(message::startsWith);
			return isWords ? Stream.of(message) : Stream.empty();
		}

		/** In Cherry Studio's JSON there are escapes. */
		private static String unquoted(String text) {
			try {
				return (text.indexOf('\\') < 0) ? text : JsonMapper.shared().readValue('"' + text + '"', String.class);
			}
			catch (JacksonException ex) {
				return text;
			}
		}

		private static String cut(String text) {
			String line = Markdown.oneLine(text);
			return (line.length() <= MAX_SUMMARY) ? line
					: line.substring(0, line.offsetByCodePoints(0, MAX_SUMMARY / 2)) + "…";
		}

	}

}
