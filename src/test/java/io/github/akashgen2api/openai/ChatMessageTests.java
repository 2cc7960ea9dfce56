package io.github.akashgen2api.openai;

import java.util.List;

import io.github.akashgen2api.akash.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ChatMessage}.
 */
@Timeout(60)
class ChatMessageTests {

	/** A megabyte of each text that a slow pattern would take for an image. */
	static List<String> slowTexts() {
		return List.of("![".repeat(500_000), "![" + "[".repeat(1_000_000), "![[".repeat(350_000),
				"![a](".repeat(200_000), "![](<".repeat(200_000), "![](a \"".repeat(150_000), "![](a '".repeat(150_000),
				"![a](" + "(".repeat(1_000_000), "![a](" + "()".repeat(500_000), "![a](b" + " ".repeat(1_000_000),
				"![" + "\\".repeat(1_000_000), "![" + "[a]".repeat(350_000), "![" + "a".repeat(1_000_000),
				"![a]".repeat(250_000), "![![a](b)" + "![".repeat(500_000),
				"!" + "[".repeat(500_000) + "]".repeat(500_000), "![a](<" + "b".repeat(1_000_000),
				"![a](b \"" + "c".repeat(1_000_000), "!".repeat(1_000_000));
	}

	@ParameterizedTest
	@ValueSource(strings = { "![Generated Image](http://localhost:3000/images?id=1)", "![](http://localhost/a.webp)",
			"![a](b)", "![a]()", "![a](<b c>)", "![a](b \"a title\")", "![a](b 'a title')",
			"![a](b \"it's (a) title\")", "![a](b\n\"a title\")", "![a]( b )", "![a [nested] bracket](b)",
			"![a [x] and [y]](b)", "![a \\] bracket](b)", "![a \\[ bracket](b)",
			"![a](https://example.org/fox_(animal).webp)", "![a](b(c)d(e)f)", "![two\nlines](b)",
			"![狐狸](https://example.org/狐狸.webp)", "![a](data:image/webp;base64,UklGRlQX+/=)" })
	void toMessageOfAssistantOmitsImages(String image) {
		assertThat(said("assistant", image)).isNull();
		assertThat(said("assistant", "Here it is: " + image + "\nDo you like it?"))
			.isEqualTo(assistant("Here it is: \nDo you like it?"));
	}

	@Test
	void unknownRoleIsNotKept() {
		assertThat(new ChatMessage("x".repeat(200_000), "a fox").role()).hasSizeLessThan(20);
	}

	@Test
	void toMessageOfAssistantOmitsAllImages() {
		assertThat(said("assistant", "one ![a](b) two ![c](d \"t\")![e](<f g>) three\n![h](i)"))
			.isEqualTo(assistant("one  two  three"));
	}

	@Test
	void toMessageOfAssistantKeepsTheTag() {
		String tag = "<image_generation> jobId='1' prompt='a fox' negative=''</image_generation>";
		assertThat(said("assistant", tag + "\n![Generated Image](http://localhost:3000/images?id=1)"))
			.isEqualTo(assistant(tag));
	}

	@Test
	void toMessageOfAssistantOmitsLargeDataUrls() {
		String image = "![Generated Image](data:image/webp;base64," + "A".repeat(5_000_000) + ")";
		assertThat(said("assistant", "one " + image + " two " + image + " three"))
			.isEqualTo(assistant("one  two  three"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a [link](http://localhost)", "wow! [a](b)", "![a] (b)", "![a][b]", "![a](b c)", "![a](b",
			"![a", "\\[a](b)", "!()", "a ! b" })
	void toMessageOfAssistantKeepsText(String text) {
		assertThat(said("assistant", text)).isEqualTo(assistant(text));
	}

	@Test
	void toMessageOfUserKeepsImages() {
		assertThat(said("user", " a fox ![like this](b \"t\") "))
			.isEqualTo(new Message(Message.Role.USER, "a fox ![like this](b \"t\")"));
	}

	@ParameterizedTest
	@MethodSource("slowTexts")
	void toMessageOfAssistantKeepsTextSimilarToAnImage(String text) {
		assertThat(said("assistant", text)).isNotNull();
		assertThat(said("assistant", text + " ![a](b)").content()).doesNotContain("![a](b)");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "system", "tool", "developer", "User", "ASSISTANT", "" })
	void toMessageOfOtherRoleIsEmpty(String role) {
		assertThat(said(role, "a fox")).isNull();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "\n\t" })
	void toMessageWithoutTextIsEmpty(String content) {
		assertThat(said("user", content)).isNull();
		assertThat(said("assistant", content)).isNull();
	}

	@Test
	void isFromUserWhenTheRoleIsUser() {
		assertThat(new ChatMessage("user", null).isFromUser()).isTrue();
		assertThat(new ChatMessage("assistant", "a fox").isFromUser()).isFalse();
		assertThat(new ChatMessage(null, "a fox").isFromUser()).isFalse();
	}

	private static Message said(String role, String content) {
		return new ChatMessage(role, content).toMessage().orElse(null);
	}

	private static Message assistant(String content) {
		return new Message(Message.Role.ASSISTANT, content);
	}

}
