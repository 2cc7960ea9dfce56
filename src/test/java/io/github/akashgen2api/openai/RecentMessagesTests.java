package io.github.akashgen2api.openai;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecentMessages}.
 */
class RecentMessagesTests {

	private final RecentMessages history = new RecentMessages();

	@Test
	void addKeepsTheLastThreeTexts() {
		add("user", "one");
		add("assistant", "two");
		add("user", "three");
		add("system", "be brief");
		add("assistant", "![a](b)");
		add("user", null);
		assertThat(this.history).extracting((message) -> message.content())
			.containsExactly("one", "two", "three", "be brief", null, null);
		add("user", "four");
		add("assistant", "five");
		assertThat(this.history).extracting((message) -> message.content())
			.containsExactly("…", "…", "three", "be brief", null, null, "four", "five");
		assertThat(this.history).extracting((message) -> message.role())
			.containsExactly("user", "assistant", "user", "system", "assistant", "user", "user", "assistant");
	}

	@Test
	void addWhenManyMessagesFollowTheUsersStillCountsItAsText() {
		add("user", "one");
		for (int i = 0; i < 5; i++) {
			add("assistant", "more");
		}
		assertThat(new ChatCompletionRequest(this.history, null, null, null, null, null, null, null).conversation())
			.hasSize(6);
	}

	@Test
	void addKeepsTheLastInstructionUntilThereIsTextOfTheUser() {
		String first = "a".repeat(1000);
		String last = "b".repeat(1000);
		add("system", first);
		add("developer", "between");
		add("system", last);
		add("developer", " ");
		assertThat(this.history).extracting((message) -> message.content())
			.containsExactly(first.substring(0, RecentMessages.INSTRUCTION_START), null, last, null);
		add("user", "a fox");
		add("system", last);
		assertThat(this.history).extracting((message) -> message.content())
			.containsExactly(first.substring(0, RecentMessages.INSTRUCTION_START), null, null, null, "a fox",
					last.substring(0, RecentMessages.INSTRUCTION_START));
	}

	@Test
	void addOfNullKeepsIt() {
		this.history.add(null);
		assertThat(this.history).containsExactly((ChatMessage) null);
	}

	private void add(String role, String content) {
		this.history.add(new ChatMessage(role, content));
	}

}
