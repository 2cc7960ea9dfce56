package io.github.akashgen2api.akash;

import java.time.Duration;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ExtraCookiesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "cf_clearance=a.b-c_1 | cf_clearance=a.b-c_1", "a=1;b=2; | a=1; b=2",
			"a=b=c ; d= | a=b=c; d=", "a=\"b,c\" | a=\"b,c\"", "my_session_token=1 | my_session_token=1" })
	void cookiesAreReadAsABrowserShowsThem(String text, String header) {
		assertThat(read(text).header()).isEqualTo(header);
	}

	@ParameterizedTest
	@ValueSource(strings = { "cf_clearance", "a=1; b", "=1", "a b=1", "a=1 2", "a=1\r\nX-Evil: 1", "a=\u00e9", ";",
			"session_token=1", "a=1; session_token=2" })
	void whatAHeaderCannotCarryIsRefusedWithoutShowingIt(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> ExtraCookies.valueOf(text))
			.withMessageStartingWith("must be cookies such as name=value; other=value");
	}

	@Test
	void blankMeansNone() {
		assertThat(ExtraCookies.valueOf(" ")).isNull();
		assertThat(AccessToken.valueOf(" ")).isNull();
	}

	@Test
	void sessionComesFirstInTheOneHeader() {
		Session session = new Session(new SessionToken("s"), Duration.ZERO);
		assertThat(session.cookies(read("a=1; b=2"))).isEqualTo("session_token=s; a=1; b=2");
		assertThat(session.cookies(null)).isEqualTo("session_token=s");
		assertThat(new Session(null, Duration.ZERO).cookies(read("a=1"))).isEqualTo("a=1");
		assertThat(new Session(null, Duration.ZERO).cookies(null)).isNull();
	}

	@Test
	void secretsAreNotShown() {
		assertThat(read("a=1")).hasToString("ExtraCookies[secret]");
		assertThat(new AccessToken("t")).hasToString("AccessToken[secret]");
	}

	private static ExtraCookies read(String text) {
		return Objects.requireNonNull(ExtraCookies.valueOf(text));
	}

}
