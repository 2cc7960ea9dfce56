package io.github.akashgen2api.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.github.akashgen2api.akash.Message;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Answers auxiliary requests of chat apps with text: for a title, for tags, for follow-up
 * questions, or to test the connection. Apps send them to the same model as the chat, and
 * each would cost an image.
 * <p>
 * {@code auxiliary-requests.json} holds their texts, as shipped by the apps until
 * November 2026. A text is compared from its first character, and only in the role in
 * which the app sends it, so that a person's prompt is not mistaken for one.
 */
@Component
class AuxiliaryRequests {

	/** Connection tests allow at most this many tokens, too few for an image's URL. */
	private static final int MAX_TEST_TOKENS = 16;

	private final boolean isEnabled;

	private final OpenWebUiTasks openWebUiTasks;

	private final List<AuxiliaryTemplate> templates;

	AuxiliaryRequests(OpenAiProperties settings, JsonMapper json) {
		this.isEnabled = settings.answersAuxiliaryRequests();
		this.openWebUiTasks = new OpenWebUiTasks(json);
		try (InputStream templates = AuxiliaryRequests.class.getResourceAsStream("auxiliary-requests.json")) {
			this.templates = List.of(json.readValue(Objects.requireNonNull(templates), AuxiliaryTemplate[].class));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Answer an auxiliary request.
	 * @param conversation the request's messages with text
	 * @return empty if it is not an auxiliary request
	 */
	Optional<AssistantMessage> answer(ChatCompletionRequest request, List<Message> conversation) {
		if (!this.isEnabled) {
			return Optional.empty();
		}
		if (request.maxTokens() != null && request.maxTokens() >= 1 && request.maxTokens() <= MAX_TEST_TOKENS) {
			return Optional.of(AssistantMessage.text("Hello! I generate images of what you describe."));
		}
		return this.openWebUiTasks.answer(conversation)
			.or(() -> template(request).map((template) -> template.answer(conversation)))
			.map(AssistantMessage::text);
	}

	private Optional<AuxiliaryTemplate> template(ChatCompletionRequest request) {
		List<ChatMessage> messages = request.checkedMessages();
		return this.templates.stream()
			.filter((template) -> template.matches(messages.getFirst(), messages.getLast()))
			.findFirst();
	}

}
