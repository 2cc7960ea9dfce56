package io.github.akashgen2api.openai;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Markdown}. That chat apps show it as meant is tested with their own
 * parsers in {@code clients/node}.
 */
class MarkdownTests {

	@ParameterizedTest
	@CsvSource(delimiter = '→', quoteCharacter = '"',
			value = { "a cat's hat, (really)! → a cat's hat, (really)!", "a *b* _c_ → a \\*b\\* \\_c\\_",
					"[x](y) → [|x]|(y)", "<b>&amp; → <|b>&|amp;", "- a → |- a", "a - b → a - b", "+ a → |+ a",
					"1. a → |1. a", "# a → |# a", "> a → |> a", "{{user}} → {|{|user}}", "WWW.x.y → WWW|.x.y",
					"a://b → a\\:|//b", "a: b → a: b", "me@x.y → me@|x.y", "$1 → $1", "$1 $2 → \\$1 $2",
					"~~a~~ → \\~\\~a\\~\\~", "`a` → \\`a\\`", "\\* → \\|\\*", "红狐狸 🦊 → 红狐狸 🦊" })
	void textEscapesMarkup(String words, String text) {
		assertThat(Markdown.text(words)).isEqualTo(text.replace('|', '\u2060'));
		assertThat(Markdown.plain(Markdown.text(words))).isEqualTo(words);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\r\n\r\nb", " a\t b\n", "a\u2028b", "a\u0000b", "a\u000bb", "a \u0085 b" })
	void textIsOneLine(String words) {
		assertThat(Markdown.text(words)).isEqualTo("a b");
	}

	@Test
	void plainKeepsOtherMarkdown() {
		assertThat(Markdown.plain("&#42; \\( \\\\ $1 \\")).isEqualTo("&#42; \\( \\\\ $1 \\");
	}

	@Test
	void imageOmitsBracketsOfTheAlternativeText() {
		assertThat(Markdown.image("a ]b[c] *", "http://x")).isEqualTo("![a bc \\*](http://x)");
	}

	@Test
	void imageEncodesParenthesesOfTheUrl() {
		assertThat(Markdown.image("a b", "http://x/a(1)?id=2")).isEqualTo("![a b](http://x/a%281%29?id=2)");
	}

}
