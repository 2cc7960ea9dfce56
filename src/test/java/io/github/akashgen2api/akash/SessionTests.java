package io.github.akashgen2api.akash;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Session}.
 */
class SessionTests {

	@ParameterizedTest
	@CsvSource({ "july-2025/1b-session-slash, 3a38979bd0f0d863a3a92afdf81d51e1875171d0e5c9118698d7c8849dc5c209, 54m",
			"may-2026/b2-session-slash, 2b5dd1fe4084cfe29b706a647f3f137e10e2f7dd06ac1586506312385287f08a, 54m",
			"may-2026/n1-session, validated, 1296m" })
	void readWhenRecordedTakesTheTokenForNineTenthsOfItsMaxAge(String name, String token, String life) {
		List<String> setCookies = Recording.named(name).answer().headers("Set-Cookie");
		assertThat(Session.read(setCookies))
			.isEqualTo(new Session(new SessionToken(token), Duration.parse("PT" + life)));
	}

	@Test
	void readWhenRecordedWithoutACookieNeedsNone() {
		assertThat(Recording.named("may-2026/b5-session-with-valid-cookie").answer().headers("Set-Cookie")).isEmpty();
		assertThat(Session.read(List.of())).isEqualTo(new Session(null, Duration.ofMinutes(10)));
	}

	@Test
	void readWhenExpiresContradictsHeedsMaxAge() {
		assertThat(read("session_token=abc; Expires=Mon, 23 Nov 2099 02:11:51 GMT; Max-Age=1000").life())
			.isEqualTo(Duration.ofMinutes(15));
		assertThat(read("session_token=abc; Max-Age=1000; Expires=Thu, 01 Jan 1970 00:00:00 GMT").life())
			.isEqualTo(Duration.ofMinutes(15));
	}

	@ParameterizedTest
	@ValueSource(strings = { "session_token=abc", "session_token=abc;", "session_token=abc; Path=/; Secure",
			"session_token=abc; Expires=Mon, 23 Nov 2099 02:11:51 GMT", "session_token=abc; Max-Age=soon",
			"session_token=abc; X-Max-Age=5000", "session_token=abc; Max-Age=", "session_token=Max-Age=5000" })
	void readWhenMaxAgeIsAbsentOrOddTakesAkashGensDefault(String setCookie) {
		assertThat(read(setCookie).life()).isEqualTo(Duration.ofMinutes(9));
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 0.9", "10, 9", "30, 27", "31, 27.9", "300, 270", "301, 270.9", "600, 540" })
	void readWhenMaxAgeIsSmallLeavesATenthUnused(String maxAge, String seconds) {
		assertThat(read("session_token=abc; Max-Age=" + maxAge).life()).isEqualTo(Duration.parse("PT" + seconds + "S"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "session_token=abc;max-age=1000", "session_token=abc; MAX-AGE=1000; Path=/",
			"session_token=abc ; Max-Age = 1000 ; Secure", "session_token=abc; Path=/; Max-Age=1000",
			"session_token=abc; Max-Age=5; Max-Age=1000" })
	void readWhenAttributesAreWrittenOddlyUnderstandsThem(String setCookie) {
		assertThat(read(setCookie)).isEqualTo(new Session(new SessionToken("abc"), Duration.ofMinutes(15)));
	}

	@Test
	void readWhenOtherCookiesComeFirstSkipsThem() {
		assertThat(Session.read(List.of("cf_clearance=xyz; Max-Age=5", "x_session_token=wrong; Max-Age=5",
				"session_token_2=wrong", "other=session_token=wrong", "session_token=right; Max-Age=1000")))
			.isEqualTo(new Session(new SessionToken("right"), Duration.ofMinutes(15)));
	}

	@Test
	void readWhenOnlyOtherCookiesNeedsNone() {
		assertThat(Session.read(List.of("cf_clearance=xyz; Max-Age=5")))
			.isEqualTo(new Session(null, Duration.ofMinutes(10)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "session_token=", "session_token=; Max-Age=0" })
	void readWhenTheValueIsEmptyNeedsNone(String setCookie) {
		assertThat(read(setCookie).token()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "session_token=a,b", "session_token=a\"b; Max-Age=5", "session_token=a\\b",
			"session_token=é", "session_token=two words; Max-Age=1000", "session_token=a\u0001b" })
	void readWhenTheValueCannotBeSentBackSaysSo(String setCookie) {
		assertThatIllegalArgumentException().isThrownBy(() -> read(setCookie))
			.withMessage("holds characters that a cookie cannot carry");
	}

	@Test
	void readWhenTheValueIsQuotedKeepsTheQuotes() {
		assertThat(read("session_token=\"abc\"; Max-Age=1000").token()).isEqualTo(new SessionToken("\"abc\""));
	}

	@Test
	void broughtOutlivesTheService() {
		Session session = Session.brought(new SessionToken("abc"));
		assertThat(session.token()).isEqualTo(new SessionToken("abc"));
		assertThat(session.life()).isGreaterThan(Duration.ofDays(3650));
	}

	@Test
	void toStringShowsNoSecret() {
		assertThat(read("session_token=abc; Max-Age=1000"))
			.hasToString("Session[token=SessionToken[secret], life=PT15M]");
	}

	private static Session read(String setCookie) {
		return Session.read(List.of(setCookie));
	}

	@Test
	void readWhenValueIsMostlySpaceRefusesItWithoutTryingEachOfThem() {
		List<String> cookie = List.of("session_token=a" + " ".repeat(300_000) + "b");
		assertThatIllegalArgumentException().isThrownBy(() -> Session.read(cookie));
	}

	@Test
	void readWhenValueIsBlankIsNoSession() {
		assertThat(Session.read(List.of("session_token= ; Max-Age=3600")).token()).isNull();
	}

}
