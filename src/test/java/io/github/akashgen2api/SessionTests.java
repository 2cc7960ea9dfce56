package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.util.List;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

	private final AkashGenDouble akashGen = new AkashGenDouble();

	@BeforeEach
	void onlyValidSessionsAreTaken() {
		this.akashGen.chat(INVALID);
		valid("session-1");
	}

	@AfterEach
	void stop() {
		this.akashGen.close();
	}

	private void valid(String token) {
		this.akashGen.server.stubFor(post(urlEqualTo("/api/chat/")).atPriority(0)
			.withHeader("Cookie", equalTo("session_token=" + token))
			.willReturn(AkashGenDouble.queued("fox", "")));
	}

	@Test
	void sessionIsFetchedOnceForFiftySimultaneousFirstCallers() {
		this.akashGen.session(AkashGenDouble.session("session-1").withFixedDelay(300));
		try (RunningService service = RunningService.against(this.akashGen)) {
			List<HttpResponse<String>> responses = RunningService.atOnce(50, () -> service.complete("fox"));
			assertThat(responses).extracting(HttpResponse::statusCode).containsOnly(200);
		}
		assertThat(this.akashGen.sessions()).isEqualTo(1);
		assertThat(this.akashGen.submits()).hasSize(50);
	}

	@Test
	void sessionThatCannotBeHadIsAskedForOnceByAllWhoWait() {
		this.akashGen.session(AkashGenDouble.json(500, "").withFixedDelay(300));
		try (RunningService service = RunningService.against(this.akashGen)) {
			List<HttpResponse<String>> responses = RunningService.atOnce(20, () -> service.complete("fox"));
			assertThat(responses).extracting(HttpResponse::body)
				.containsOnly("{\"error\":\"AkashGen gives no session, its session store may be down\"}");
			assertThat(this.akashGen.sessions()).isLessThan(5);
			this.akashGen.session(AkashGenDouble.session("session-1"));
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void sessionThatAkashGenForgotIsRenewedOnceAndNoticedByNobody() {
		this.akashGen.session(AkashGenDouble.session("session-0"),
				AkashGenDouble.session("session-1").withFixedDelay(200));
		try (RunningService service = RunningService.against(this.akashGen)) {
			List<HttpResponse<String>> responses = RunningService.atOnce(20, () -> service.complete("fox"));
			assertThat(responses).extracting(HttpResponse::statusCode).containsOnly(200);
		}
		assertThat(this.akashGen.sessions()).isEqualTo(2);
	}

	@Test
	void sessionIsRenewedBeforeItsLifeEnds() {
		this.akashGen.session(
				okJson("{\"success\":true}").withHeader("Set-Cookie", "session_token=session-0; Path=/; Max-Age=1"),
				AkashGenDouble.session("session-1"));
		valid("session-0");
		try (RunningService service = RunningService.against(this.akashGen)) {
			Awaitility.await().until(() -> {
				assertThat(service.complete("fox").statusCode()).isEqualTo(200);
				return this.akashGen.sessions() == 2;
			});
		}
	}

	@Test
	void sessionOfHalfAMinuteIsUsedMoreThanOnce() {
		this.akashGen.session(
				okJson("{\"success\":true}").withHeader("Set-Cookie", "session_token=session-1; Path=/; Max-Age=30"));
		try (RunningService service = RunningService.against(this.akashGen)) {
			service.complete("fox");
			service.complete("fox");
		}
		assertThat(this.akashGen.sessions()).isEqualTo(1);
		assertThat(this.akashGen.submits()).hasSize(2);
	}

	/** As in July 2025 while its session store is down. */
	@Test
	void sessionRefusedLateIsNotReplacedAndTheNextCallerIsToldOfTheStore() {
		this.akashGen.chat(INVALID.withFixedDelay(500));
		try (RunningService service = RunningService.against(this.akashGen, "akash.session-timeout=400ms",
				"SESSION_TOKEN=brought")) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body())
				.startsWith("{\"error\":\"AkashGen gives no session, its session store may be down\"");
			assertThat(this.akashGen.sessions()).isZero();
			this.akashGen.session(AkashGenDouble.json(500, ""));
			assertThat(service.complete("fox").statusCode()).isEqualTo(502);
		}
		assertThat(this.akashGen.sessions()).isEqualTo(1);
		assertThat(this.akashGen.submits()).hasSize(1);
	}

	@Test
	void sessionIsKeptForItsLife() {
		try (RunningService service = RunningService.against(this.akashGen)) {
			service.complete("fox");
			service.complete("fox");
		}
		assertThat(this.akashGen.sessions()).isEqualTo(1);
	}

	@Test
	void newSessionIsAskedForWithoutTheOldCookie() {
		this.akashGen.session(AkashGenDouble.session("session-0"), AkashGenDouble.session("session-1"));
		try (RunningService service = RunningService.against(this.akashGen)) {
			service.complete("fox");
		}
		assertThat(this.akashGen.server.findAll(getRequestedFor(urlEqualTo("/api/auth/session/")))).hasSize(2)
			.noneMatch((request) -> request.containsHeader("Cookie"));
	}

	@Test
	void sessionRefusedTwiceIsReportedAndNotTriedForEver() {
		this.akashGen.session(AkashGenDouble.session("session-0"));
		try (RunningService service = RunningService.against(this.akashGen)) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body()).isEqualTo(
					"{\"error\":\"AkashGen refused two sessions in a row\",\"details\":\"Unauthorized: Invalid session\"}");
		}
		assertThat(this.akashGen.sessions()).isEqualTo(2);
		assertThat(this.akashGen.submits()).hasSize(2);
	}

	@Test
	void modelThatIsNotAvailableCostsNoSession() {
		this.akashGen.server.resetMappings();
		this.akashGen.session(AkashGenDouble.session("session-1"));
		this.akashGen.chat(AkashGenDouble.json(403, "{\"error\":\"Model not available\",\"message\":\"no\"}"));
		try (RunningService service = RunningService.against(this.akashGen)) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(502);
		}
		assertThat(this.akashGen.sessions()).isEqualTo(1);
		assertThat(this.akashGen.submits()).hasSize(1);
	}

	@Test
	void sessionThatTheOperatorBroughtIsUsedFirst() {
		valid("brought");
		try (RunningService service = RunningService.against(this.akashGen, "SESSION_TOKEN=brought")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(this.akashGen.sessions()).isZero();
	}

	@Test
	void sessionThatTheOperatorBroughtIsReplacedWhenRefused() {
		try (RunningService service = RunningService.against(this.akashGen, "SESSION_TOKEN=expired")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(this.akashGen.sessions()).isEqualTo(1);
		assertThat(this.akashGen.submits()).extracting((request) -> request.getHeader("Cookie"))
			.containsExactly("session_token=expired", "session_token=session-1", "session_token=session-1");
	}

	@Test
	void noCookieIsSentWhereAkashGenWantsNone() {
		this.akashGen.session(okJson("{\"success\":true}"));
		this.akashGen.chat(AkashGenDouble.queued("fox", ""));
		try (RunningService service = RunningService.against(this.akashGen)) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(this.akashGen.submits()).extracting(LoggedRequest::getHeaders)
			.noneMatch((headers) -> headers.keys().contains("Cookie"));
	}

	@Test
	void instanceThatNeedsAnAccessTokenIsReported() {
		this.akashGen.session(AkashGenDouble.json(403, "{\"error\":\"Access token required\"}"));
		try (RunningService service = RunningService.against(this.akashGen)) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body())
				.isEqualTo("{\"error\":\"AkashGen refuses to give a session\",\"details\":\"Access token required\"}");
		}
		assertThat(this.akashGen.submits()).isEmpty();
	}

	@Test
	void webPageInPlaceOfASessionIsReported() {
		this.akashGen.session(AkashGenDouble.html(200));
		try (RunningService service = RunningService.against(this.akashGen)) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body()).isEqualTo(
					"{\"error\":\"AkashGen answered 200 with a web page when asked for a session: a challenge or an outage page\"}");
		}
		assertThat(this.akashGen.submits()).isEmpty();
	}

	@Test
	void cookieThatCannotBeSentBackIsReportedWithoutItsValue() {
		this.akashGen.session(okJson("{\"success\":true}").withHeader("Set-Cookie", "session_token=a,b\"c; Path=/"));
		try (RunningService service = RunningService.against(this.akashGen)) {
			HttpResponse<String> response = service.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body()).contains("AkashGen's session cookie cannot be used").doesNotContain("a,b");
		}
	}

}
