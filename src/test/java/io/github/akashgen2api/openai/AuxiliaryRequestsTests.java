package io.github.akashgen2api.openai;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AuxiliaryRequests}.
 */
class AuxiliaryRequestsTests {

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
	void answerWhenTheTemplateNamesAFieldHasThatField(String format, String answer) {
		assertThat(answer("### Task:\nDo something.\n### Output:\nJSON format: " + format.replace(" ", "\n") + HISTORY))
			.hasValue(answer);
	}

	@Test
	void answerWhenTheUserTextIsShortIsThatText() {
		assertThat(
				answer("### Task:\n{ \"title\": \"x\" }\n<chat_history>\nUSER: 一只红色的狐狸\nASSISTANT: x\n</chat_history>"))
			.hasValue("{\"title\":\"一只红色的狐狸\"}");
		assertThat(answer("### Task:\n{ \"title\": \"x\" }\n<chat_history>\nUSER: " + "狐".repeat(80)))
			.hasValue("{\"title\":\"" + "狐".repeat(25) + "…\"}");
		assertThat(answer("### Task:\n{ \"title\": \"x\" }\n")).hasValue("{\"title\":\"Image\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a red fox", "### Task: paint a fox",
			"### Task:\nRespond to the user query using the provided context.\n<context>{ \"a\": 1 }</context>",
			"### Task:\npaint <chat_history> { \"title\": 1 }", "Write { \"title\": \"x\" } on a wall" })
	void answerWhenAPersonAsksIsEmpty(String question) {
		assertThat(answer(question)).isEmpty();
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					NextChat           | [user:a red fox in snow][assistant:![a](b)][user:Please generate a four to five word title summarizing our conversation without any lead-in, punctuation] | a red fox in snow
					NextChat, Chinese  | [user:雪地里的红狐狸][assistant:![a](b)][user:使用四到五个字直接返回这句话的简要主题，不要解释、不要标点、不要语气词、不要多余文本] | 雪地里的红狐狸
					NextChat, Japanese | [user:狐][user:この文の簡潔なテーマを四から五文字で返してください。説明、句読点、感嘆詞、余計なテキストは不要です。] | 狐
					NextChat, forgotten | [user:one][assistant:b][user:two][assistant:d][user:Please generate a four to five word title summarizing our conversation without any lead-in, x] | two
					NextChat, nothing  | [user:Please generate a four to five word title summarizing our conversation without any lead-in, x] | Image
					NextChat, memory   | [user:a fox][assistant:b][user:in snow][system:Summarize the discussion briefly in 200 words or less to use as a prompt for future context.] | a fox; in snow
					BetterChatGPT      | [user:Generate a title in less than 6 words for the following message (language: en-US):\\n\"\"\"\\nUser: a red fox\\nAssistant: ![a](b)\\n\"\"\"] | a red fox
					LobeChat           | [developer:You are a professional conversation summarizer. Generate a concise title that captures][user:user: a red fox\\nassistant: ![a](b)] | a red fox
					LobeChat, Chinese  | [system:你是一名擅长会话的助理，你需要将用户的会话总结为 10 个字以内的标题][user:user: 红狐狸\\n\\n请总结上述对话为10个字以内的标题] | 红狐狸
					LobeChat, name     | [system:你是一名擅长起名的起名大师，名字需要有文学内涵，注重精炼和赋子意境，你需要将用户的描述总结为 10 个字][user:输入: {a} [ru-RU]][assistant:b][user:输入: {Paint [all] foxes} [en-US]] | Paint [all] foxes
					LobeChat, summary  | [system:You're an assistant who's good at extracting key takeaways from conversations and summarizing them. x][user:<chat_history><user>a fox</user><assistant>b</assistant><user>in snow</user></chat_history>] | a fox; in snow
					LobeChat, images   | [system:你是一位资深的 AI 艺术创作者和语言大师。你需要根据用户提供的 AI image prompt][user:提示词：\\n1. a red fox\\n2. a wolf] | a red fox
					LobeChat, emoji    | [system:You are an emoji expert who selects the most appropriate emoji to represent concepts, emotions][user:foxes] | 🎨
					LobeChat, translation | [system:You are a professional translator. Translate the input text to zh-CN.][user:a fox] | This model paints images, it does not translate.
					LibreChat          | [user:Provide a concise, 5-word-or-less title for the conversation, using its same language, with no punctuation.\\n\\nConversation:\\nUser: a red fox\\nAI: ![a](b)] | a red fox
					LibreChat, structured | [user:Analyze this conversation and provide:\\n1. The detected language of the conversation\\n2. A concise title\\n\\nUser: a red fox\\nAI: b] | a red fox
					Cherry Studio      | [system:Summarize the conversation into a title in English within 10 words][user:[{"role":"user","mainText":"a \\"red\\" fox"},{"role":"assistant","mainText":"b"}]] | a "red" fox
					Cherry Studio, Chinese | [system:总结给出的会话，将其总结为语言为 zh-CN 的 10 字内标题][user:[{"role":"user","mainText":"红狐狸"}] /no_think] | 红狐狸
					""")
	void answerWhenAnAppAsksIsText(String app, String messages, String answer) {
		assertThat(answer(null, messages)).hasValue(answer);
	}

	@ParameterizedTest
	@ValueSource(strings = { "[user:Generate a title summarizing our conversation]",
			"[user:Please generate a four to five word title, and paint it]",
			"[user:a sign that says: Please generate a four to five word title summarizing our conversation without any lead-in, x]",
			"[user:Please generate a four to five word title summarizing our conversation without any lead-in, x][user:a fox]",
			"[system:Please generate a four to five word title summarizing our conversation without any lead-in, x][user:a fox]",
			"[user:You are a professional conversation summarizer. Generate a concise title][user:a fox]",
			"[user:Summarize the discussion briefly in 200 words or less to use as a prompt for future context.]",
			"[user:a fox][user:You are a professional translator. Translate the input text to a painting]",
			"[system:You are a professional painter.][user:a fox]", "[system:paint well][user:### Task: a fox]",
			"[assistant:You are a professional conversation summarizer. Generate a concise title][user:a fox]" })
	void answerWhenThePromptIsSimilarIsEmpty(String messages) {
		assertThat(answer(null, messages)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "1, true", "16, true", "17, false", "0, false", "1000, false" })
	void answerWhenTokensAreFewIsAGreeting(int maxTokens, boolean isTest) {
		assertThat(answer(maxTokens, "[user:hi]").isPresent()).isEqualTo(isTest);
	}

	@Test
	void answerWhenThereIsAConversationIsEmpty() {
		assertThat(answer(null, "[user:fox][user:### Task:\\n{ \"title\": \"x\" }]")).isEmpty();
	}

	@Test
	void answerWhenDisabledIsEmpty() {
		assertThat(answer(false, 1, "[user:### Task:\\n{ \"title\": \"x\" }]")).isEmpty();
	}

	private static Optional<String> answer(String question) {
		return answer(true, null, List.of(new ChatMessage("user", question)));
	}

	private static Optional<String> answer(Integer maxTokens, String messages) {
		return answer(true, maxTokens, messages);
	}

	/**
	 * Messages such as {@code [user:a fox][assistant:here]}, with {@code \n} for a line
	 * end.
	 */
	private static Optional<String> answer(boolean answered, Integer maxTokens, String messages) {
		return answer(answered, maxTokens,
				Pattern
					.compile("\\[(user|assistant|system|developer):(.*?)](?=$|\\[(?:user|assistant|system|developer):)")
					.matcher(messages)
					.results()
					.map((message) -> new ChatMessage(message.group(1), message.group(2).replace("\\n", "\n")))
					.toList());
	}

	private static Optional<String> answer(boolean answered, Integer maxTokens, List<ChatMessage> messages) {
		RecentMessages history = new RecentMessages();
		messages.forEach(history::add);
		ChatCompletionRequest request = new ChatCompletionRequest(history, null, null, null, null, maxTokens, null,
				null);
		return auxiliaryRequests(answered).answer(request, request.conversation()).map(AssistantMessage::content);
	}

	private static AuxiliaryRequests auxiliaryRequests(boolean answered) {
		return new AuxiliaryRequests(new OpenAiProperties(OpenAiProperties.DialectSetting.AUTO, List.of(), answered,
				new OpenAiProperties.Stream(OpenAiProperties.KeepAlive.OFF, Duration.ofSeconds(4),
						Duration.ofSeconds(10), Duration.ZERO)),
				new JsonMapper());
	}

}
