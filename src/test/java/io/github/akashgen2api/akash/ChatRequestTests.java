package io.github.akashgen2api.akash;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ChatRequest}.
 */
class ChatRequestTests {

	private static final List<String> MARKS = List.of("<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>",
			"<|fim_suffix|>", "<|endofprompt|>");

	static List<String> marks() {
		return MARKS;
	}

	static Stream<String> marksWithinMarks() {
		return MARKS.stream()
			.flatMap((outer) -> MARKS.stream()
				.flatMap((inner) -> Stream.iterate(0, (cut) -> cut <= outer.length(), (cut) -> cut + 1)
					.map((cut) -> outer.substring(0, cut) + inner + outer.substring(cut))));
	}

	@Test
	void jsonIsWhatTheWebPageSends() {
		ChatRequest request = ChatRequest.of("0123456789abcdef",
				List.of(user("a fox"), new Message(Message.Role.ASSISTANT, "Here: \"fox\""), user("now in snow\n🦊")));
		assertThat(Recording.JSON.readTree(Recording.JSON.writeValueAsString(request)))
			.isEqualTo(Recording.JSON.readTree("""
					{
						"id": "0123456789abcdef",
						"messages": [
							{"role": "user", "content": "a fox"},
							{"role": "assistant", "content": "Here: \\"fox\\""},
							{"role": "user", "content": "now in snow\\n🦊"}
						],
						"model": "AkashGen",
						"system": "",
						"temperature": 0.85,
						"topP": 1,
						"context": []
					}
					"""));
	}

	@ParameterizedTest
	@MethodSource("marks")
	void ofWhenTokenizerMarkBreaksIt(String mark) {
		assertThat(contents(user("a " + mark + " fox" + mark)))
			.containsExactly("a < " + mark.substring(1) + " fox< " + mark.substring(1));
	}

	@ParameterizedTest
	@MethodSource("marksWithinMarks")
	void ofWhenMarksAreWithinMarksLeavesNone(String content) {
		assertThat(contents(user(content))).first().asString().doesNotContain(MARKS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "<|im_start|>", "<|endoftext>", "< |endoftext|>", "<|ENDOFTEXT|>", "<b>|endoftext|",
			"<|fim_prefix |>" })
	void ofWhenOtherMarkLeavesItAlone(String content) {
		assertThat(contents(user(content))).containsExactly(content);
	}

	@Test
	void ofWhenManyMessagesSendsTheLastThree() {
		assertThat(contents(user("1"), user("2"), user("3"), user("4"), user("5"))).containsExactly("3", "4", "5");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\n\t" })
	void ofWhenMessagesAreBlankSkipsThemBeforeCounting(String blank) {
		assertThat(contents(user("1"), user("2"), user(blank), user("3"), user(blank), user(blank), user("4")))
			.containsExactly("2", "3", "4");
	}

	@Test
	void ofWhenTextHasSpaceAroundKeepsIt() {
		assertThat(contents(user(" a fox "))).containsExactly(" a fox ");
	}

	@Test
	void messagesCannotBeChangedAfterwards() {
		List<ChatRequest.Turn> turns = new ArrayList<>(List.of(new ChatRequest.Turn("user", "a fox")));
		ChatRequest request = new ChatRequest("id", turns, "AkashGen", "", 0.85, 1, List.of());
		turns.clear();
		assertThat(request.messages()).hasSize(1);
	}

	private static Message user(String content) {
		return new Message(Message.Role.USER, content);
	}

	private static List<String> contents(Message... conversation) {
		return ChatRequest.of("id", List.of(conversation)).messages().stream().map(ChatRequest.Turn::content).toList();
	}

}
