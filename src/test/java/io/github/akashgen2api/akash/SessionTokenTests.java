package io.github.akashgen2api.akash;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SessionToken}.
 */
class SessionTokenTests {

	@Test
	void toStringShowsNoSecret() {
		assertThat(new SessionToken("0123456789abcdef")).hasToString("SessionToken[secret]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "3a38979bd0f0d863a3a92afdf81d51e1875171d0e5c9118698d7c8849dc5c209", "validated", "a=b",
			"!#$%&'()*+-./:<=>?@[]^_`{|}~", "0", "\"quoted\"" })
	void valueOfWhenCookieValueTakesIt(String text) {
		assertThat(SessionToken.valueOf(text).value()).isEqualTo(text);
	}

	@Test
	void valueOfWhenSpaceAroundRemovesIt() {
		assertThat(SessionToken.valueOf(" abc\n")).isEqualTo(new SessionToken("abc"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\n" })
	void valueOfWhenBlankIsNone(String text) {
		assertThat(SessionToken.valueOf(text)).isNull();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "a b", "a;b", "a,b", "a\"b", "\"ab", "ab\"", "\"", "a\\b", "a\r\nX-Header: b", "é", "\u007f" })
	void valueOfWhenACookieCannotCarryItSaysSoWithoutShowingIt(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> SessionToken.valueOf(text))
			.withMessage("holds characters that a cookie cannot carry");
	}

}
