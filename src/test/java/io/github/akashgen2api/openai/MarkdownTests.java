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
			value = { "a cat's hat, (really)! → a cat's hat, (really)!", "a *b* _c_ → a &#42;b&#42; &#95;c&#95;",
					"[x](y) → &#91;x&#93;(y)", "<b>&amp; → &#60;b&#62;&#38;amp;", "- a → &#45; a", "a - b → a - b",
					"+ a → &#43; a", "1. a → 1&#46; a", "12) a → 12&#41; a", "v1.5 → v1.5", "WWW.x.y → WWW&#46;x.y",
					"a://b → a&#58;//b", "me@x.y → me&#64;x.y", "$1 → &#36;1", "~~a~~ → &#126;&#126;a&#126;&#126;",
					"`a` → &#96;a&#96;", "# a → &#35; a", "a|b → a&#124;b", "\\* → &#92;&#42;", "红狐狸 🦊 → 红狐狸 🦊" })
	void textWhenItHoldsMarkupHidesIt(String words, String text) {
		assertThat(Markdown.text(words)).isEqualTo(text);
		assertThat(Markdown.plain(text)).isEqualTo(words);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\r\n\r\nb", " a\t b\n", "a\u2028b", "a\u0000b", "a\u000bb", "a \u0085 b" })
	void textWhenThereAreLinesIsOneLine(String words) {
		assertThat(Markdown.text(words)).isEqualTo("a b");
	}

	@Test
	void plainWhenThereAreOtherReferencesLeavesThem() {
		assertThat(Markdown.plain("&#7; &#999; &#x41; &amp; &#; $1 \\"))
			.isEqualTo("&#7; &#999; &#x41; &amp; &#; $1 \\");
	}

	@Test
	void imageWhenAddressHasParenthesesEncodesThem() {
		assertThat(Markdown.image("a ]b", "http://x/a(1)?id=2")).isEqualTo("![a &#93;b](http://x/a%281%29?id=2)");
	}

}
