package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.util.List;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * AkashGen's session: fetched, shared, renewed, and noticed by nobody.
 */
class SessionTests {

	private static final ResponseDefinitionBuilder INVALID = AkashGenDouble.json(403,
			"{\"success\":false,\"message\":\"Unauthorized: Invalid session\"}");

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@BeforeEach
	void onlyValidSessionsAreTaken() {
		akashGen.chat(INVALID);
		valid("session-1");
	}

	private void valid(String token) {
		akashGen.server.stubFor(post(urlEqualTo("/api/chat/")).atPriority(0)
			.withHeader("Cookie", equalTo("session_token=" + token))
			.willReturn(AkashGenDouble.queued("fox", "")));
	}

	@Test
	void sessionIsFetchedOnceForFiftySimultaneousFirstCallers() {
		akashGen.session(AkashGenDouble.session("session-1").withFixedDelay(300));
		try (RunningService service = RunningService.against(akashGen)) {
			List<HttpResponse<String>> responses = RunningService.atOnce(50, () -> service.complete("fox"));
			assertThat(responses).extracting(HttpResponse::statusCode).containsOnly(200);
		}
		assertThat(akashGen.sessions()).isEqualTo(1);
		assertThat(akashGen.submits()).hasSize(50);
	}

	@Test
	void sessionThatCannotBeHadIsAskedForOnceByAllWhoWait() {
		akashGen.session(AkashGenDouble.json(500, "").withFixedDelay(700));
		try (RunningService service = RunningService.against(akashGen)) {
			List<HttpResponse<String>> responses = RunningService.atOnce(20, () -> service.complete("fox"));
			assertThat(responses).extracting(HttpResponse::body)
				.containsOnly("{\"error\":\"AkashGen gives no session, its session store may be down\"}");
			assertThat(akashGen.sessions()).isLessThan(5);
			akashGen.session(AkashGenDouble.session("session-1"));
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void sessionThatAkashGenForgotIsRenewedOnceAndNoticedByNobody() {
		akashGen.session(AkashGenDouble.session("session-0"), AkashGenDouble.session("session-1").withFixedDelay(200));
		try (RunningService service = RunningService.against(akashGen)) {
			List<HttpResponse<String>> responses = RunningService.atOnce(20, () -> service.complete("fox"));
			assertThat(responses).extracting(HttpResponse::statusCode).containsOnly(200);
		}
		assertThat(akashGen.sessions()).isEqualTo(2);
	}

	@Test
	void sessionIsRenewedBeforeItsLifeEnds() {
		akashGen.session(
				okJson("{\"success\":true}").withHeader("Set-Cookie", "session_token=session-0; Path=/; Max-Age=1"),
				AkashGenDouble.session("session-1"));
		valid("session-0");
		try (RunningService service = RunningService.against(akashGen)) {
			Awaitility.await().until(() -> {
				assertThat(service.complete("fox").statusCode()).isEqualTo(200);
				return akashGen.sessions() == 2;
			});
		}
	}

	@Test
	void sessionOfHalfAMinuteIsUsedMoreThanOnce() {
		akashGen.session(
				okJson("{\"success\":true}").withHeader("Set-Cookie", "session_token=session-1; Path=/; Max-Age=30"));
		try (RunningService service = RunningService.against(akashGen)) {
			service.complete("fox");
			service.complete("fox");
		}
		assertThat(akashGen.sessions()).isEqualTo(1);
		assertThat(akashGen.submits()).hasSize(2);
	}

	/** As in July 2025 while its session store is down. */
	@Test
	void sessionRefusedLateIsNotReplacedAndTheNextCallerIsToldOfTheStore() {
		akashGen.chat(INVALID.withFixedDelay(500));
		try (RunningService service = RunningService.against(akashGen, "akash.session-timeout=400ms",
				"SESSION_TOKEN=brought")) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body())
				.startsWith("{\"error\":\"AkashGen gives no session, its session store may be down\"");
			assertThat(akashGen.sessions()).isZero();
			akashGen.session(AkashGenDouble.json(500, ""));
			assertThat(service.complete("fox").statusCode()).isEqualTo(502);
		}
		assertThat(akashGen.sessions()).isEqualTo(1);
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void sessionIsKeptForItsLife() {
		try (RunningService service = RunningService.against(akashGen)) {
			service.complete("fox");
			service.complete("fox");
		}
		assertThat(akashGen.sessions()).isEqualTo(1);
	}

	@Test
	void newSessionIsAskedForWithoutTheOldCookie() {
		akashGen.session(AkashGenDouble.session("session-0"), AkashGenDouble.session("session-1"));
		try (RunningService service = RunningService.against(akashGen)) {
			service.complete("fox");
		}
		assertThat(akashGen.server.findAll(getRequestedFor(urlEqualTo("/api/auth/session/")))).hasSize(2)
			.noneMatch((request) -> request.containsHeader("Cookie"));
	}

	@Test
	void sessionRefusedTwiceIsReportedAndNotTriedForEver() {
		akashGen.session(AkashGenDouble.session("session-0"));
		try (RunningService service = RunningService.against(akashGen)) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body()).isEqualTo(
					"{\"error\":\"AkashGen refused two sessions in a row\",\"details\":\"Unauthorized: Invalid session\"}");
		}
		assertThat(akashGen.sessions()).isEqualTo(2);
		assertThat(akashGen.submits()).hasSize(2);
	}

	@Test
	void modelThatIsNotAvailableCostsNoSession() {
		akashGen.server.resetMappings();
		akashGen.session(AkashGenDouble.session("session-1"));
		akashGen.chat(AkashGenDouble.json(403, "{\"error\":\"Model not available\",\"message\":\"no\"}"));
		try (RunningService service = RunningService.against(akashGen)) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(502);
		}
		assertThat(akashGen.sessions()).isEqualTo(1);
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void sessionThatTheOperatorBroughtIsUsedFirst() {
		valid("brought");
		try (RunningService service = RunningService.against(akashGen, "SESSION_TOKEN=brought")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(akashGen.sessions()).isZero();
	}

	@Test
	void sessionThatTheOperatorBroughtIsReplacedWhenRefused() {
		try (RunningService service = RunningService.against(akashGen, "SESSION_TOKEN=expired")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(akashGen.sessions()).isEqualTo(1);
		assertThat(akashGen.submits()).extracting((request) -> request.getHeader("Cookie"))
			.containsExactly("session_token=expired", "session_token=session-1", "session_token=session-1");
	}

	@Test
	void noCookieIsSentWhereAkashGenWantsNone() {
		akashGen.session(okJson("{\"success\":true}"));
		akashGen.chat(AkashGenDouble.queued("fox", ""));
		try (RunningService service = RunningService.against(akashGen)) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(akashGen.submits()).extracting(LoggedRequest::getHeaders)
			.noneMatch((headers) -> headers.keys().contains("Cookie"));
	}

	@Test
	void instanceThatNeedsAnAccessTokenIsReported() {
		akashGen.session(AkashGenDouble.json(403, "{\"error\":\"Access token required\"}"));
		try (RunningService service = RunningService.against(akashGen)) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body())
				.isEqualTo("{\"error\":\"AkashGen refuses to give a session\",\"details\":\"Access token required\"}");
		}
		assertThat(akashGen.submits()).isEmpty();
	}

	@Test
	void webPageInPlaceOfASessionIsReported() {
		akashGen.session(AkashGenDouble.html(200));
		try (RunningService service = RunningService.against(akashGen)) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body()).isEqualTo(
					"{\"error\":\"AkashGen answered 200 with a web page when asked for a session: a challenge or an outage page\"}");
		}
		assertThat(akashGen.submits()).isEmpty();
	}

	@Test
	void cookieThatCannotBeSentBackIsReportedWithoutItsValue() {
		akashGen.session(okJson("{\"success\":true}").withHeader("Set-Cookie", "session_token=a,b\"c; Path=/"));
		try (RunningService service = RunningService.against(akashGen)) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body()).contains("AkashGen's session cookie cannot be used").doesNotContain("a,b");
		}
	}

}
