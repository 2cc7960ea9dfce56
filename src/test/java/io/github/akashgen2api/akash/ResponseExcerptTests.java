package io.github.akashgen2api.akash;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseExcerpt}.
 */
class ResponseExcerptTests {

	@Test
	void ofWhenShortKeepsAll() {
		assertThat(ResponseExcerpt.of(200, "text/plain", "a fox 🦊 狐狸 é", 25))
			.isEqualTo(new ResponseExcerpt(200, "text/plain", "a fox 🦊 狐狸 é", 25));
	}

	@Test
	void ofWhenLongKeeps200Characters() {
		assertThat(ResponseExcerpt.of(200, null, "x".repeat(201), 300).start()).isEqualTo("x".repeat(200));
		assertThat(ResponseExcerpt.of(200, null, "🦊".repeat(201), 300).start()).isEqualTo("🦊".repeat(200));
	}

	@Test
	void ofWhenControlCharactersEscapesThem() {
		assertThat(ResponseExcerpt.of(200, null, "a\r\nb\tc\0d\u001b[31me\u007f", 300).start())
			.isEqualTo("a\\u000d\\u000ab\\u0009c\\u0000d\\u001b[31me\\u007f");
	}

	@Test
	void ofWhenInvisibleOrLineBreakingCharactersEscapesThem() {
		assertThat(ResponseExcerpt.of(200, null, "\u2028\u2029\u202e\u200d\ufeff\u0085", 300).start())
			.isEqualTo("\\u2028\\u2029\\u202e\\u200d\\ufeff\\u0085");
	}

	@Test
	void ofWhenHalfACharacterEscapesIt() {
		assertThat(ResponseExcerpt.of(200, null, "a\ud83e", 300).start()).isEqualTo("a\\ud83e");
	}

	@Test
	void ofWhenContentTypeHasControlCharactersEscapesThem() {
		assertThat(ResponseExcerpt.of(200, "text/\nhtml", "", 300).contentType()).isEqualTo("text/\\u000ahtml");
	}

	@Test
	void toStringTellsStatusTypeAndLengthOnly() {
		assertThat(ResponseExcerpt.of(502, "text/html", "<html>", 6)).hasToString("502 text/html (6 bytes)");
		assertThat(ResponseExcerpt.of(502, "text/html", "<html>", 6).withWords()).isEqualTo("502 text/html \"<html>\"");
	}

	@Test
	void answerExcerptWhenBodyIsLargeReadsItsStart() {
		UpstreamResponse answer = Recording.named("july-2025/6p-image-no-content-type").answer();
		assertThat(answer.excerpt().status()).isEqualTo(200);
		assertThat(answer.excerpt().contentType()).isEqualTo("image/png");
		assertThat(answer.excerpt().start()).startsWith("RIFF");
	}

}
