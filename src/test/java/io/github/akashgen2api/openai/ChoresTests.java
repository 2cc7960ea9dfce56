package io.github.akashgen2api.openai;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.akashgen2api.akash.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Chores}.
 */
class ChoresTests {

	private static final String HISTORY = """

			### Chat History:
			<chat_history>
			USER: a "red" fox in the snow of Lapland at midnight under northern lights
			ASSISTANT: ![a fox](http://localhost/images?id=1)
			USER: make it blue
			ASSISTANT: { "tags": [] }
			</chat_history>""";

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"{ \"title\": \"your concise title here\" } | {\"title\":\"a \\\"red\\\" fox in the snow of Lapland at midnight…\"}",
			"{ \"tags\": [\"tag1\", \"tag2\"] } | {\"tags\":[\"General\"]}",
			"{ \"follow_ups\": [\"Question 1?\"] } | {\"follow_ups\":[]}",
			"{ \"queries\": [\"query1\", \"query2\"] } | {\"queries\":[]}",
			"{ \"prompt\": \"Your detailed description here.\" } | {\"prompt\":\"make it blue\"}",
			"{ \"text\": \"<your_completion>\" } | {\"text\":\"\"}" })
	void answerWhenTheTemplateNamesAFieldHasIt(String format, String answer) {
		assertThat(answer("### Task:\nDo something.\n### Output:\nJSON format: " + format.replace(" ", "\n") + HISTORY))
			.hasValue(answer);
	}

	@Test
	void answerWhenTheUserSaidLittleIsThat() {
		assertThat(
				answer("### Task:\n{ \"title\": \"x\" }\n<chat_history>\nUSER: 一只红色的狐狸\nASSISTANT: x\n</chat_history>"))
			.hasValue("{\"title\":\"一只红色的狐狸\"}");
		assertThat(answer("### Task:\n{ \"title\": \"x\" }\n<chat_history>\nUSER: " + "狐".repeat(80)))
			.hasValue("{\"title\":\"" + "狐".repeat(25) + "…\"}");
		assertThat(answer("### Task:\n{ \"title\": \"x\" }\n")).hasValue("{\"title\":\"Picture\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a red fox", "### Task: paint a fox",
			"### Task:\nRespond to the user query using the provided context.\n<context>{ \"a\": 1 }</context>",
			"### Task:\npaint <chat_history> { \"title\": 1 }", "Write { \"title\": \"x\" } on a wall" })
	void answerWhenItIsNoChoreIsNone(String question) {
		assertThat(answer(question)).isEmpty();
	}

	@Test
	void answerWhenThereIsAConversationIsNone() {
		Message chore = new Message(Message.Role.USER, "### Task:\n{ \"title\": \"x\" }");
		assertThat(chores(true).answer(List.of(new Message(Message.Role.USER, "fox"), chore))).isEmpty();
	}

	@Test
	void answerWhenTurnedOffIsNone() {
		Message chore = new Message(Message.Role.USER, "### Task:\n{ \"title\": \"x\" }");
		assertThat(chores(false).answer(List.of(chore))).isEmpty();
	}

	private static Optional<String> answer(String question) {
		return chores(true).answer(List.of(new Message(Message.Role.USER, question))).map(Reply::content);
	}

	private static Chores chores(boolean answered) {
		return new Chores(
				new OpenAiSettings(OpenAiSettings.DialectSetting.AUTO, List.of(), answered, new OpenAiSettings.Stream(
						OpenAiSettings.KeepAlive.OFF, Duration.ofSeconds(4), Duration.ofSeconds(10))),
				new JsonMapper());
	}

}
