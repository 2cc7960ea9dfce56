package io.github.akashgen2api;

import java.util.List;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator can have sent along, so that AkashGen lets this service in.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReachTests {

	/** SHA-256 of {@code open-4711}. */
	private static final String DIGEST = "fa0530167741e18587626f6a5d1f594fd1cc26a7738c227d63415742662f6750";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@Test
	void cookiesGoWithEveryRequestAndFollowTheSession() {
		try (RunningService service = RunningService.against(akashGen, "AKASH_COOKIE=cf_clearance=abc;b=2")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(akashGen.server.findAll(anyRequestedFor(anyUrl()))).hasSizeGreaterThan(3)
			.allSatisfy((request) -> assertThat(request.getHeaders().getHeader("Cookie").values())
				.containsExactly((request.getUrl().equals("/api/chat/") ? "session_token=session-1; " : "")
						+ "cf_clearance=abc; b=2"));
	}

	@Test
	void cookiesFollowARedirectWithinAkashGen() {
		akashGen.server.stubFor(get(urlEqualTo("/api/auth/session/")).atPriority(0)
			.willReturn(AkashGenDouble.redirect(308, "/api/auth/session")));
		akashGen.server.stubFor(get(urlEqualTo("/api/auth/session")).withHeader("Cookie", equalTo("a=1"))
			.withHeader("Authorization", equalTo("Bearer open-4711"))
			.willReturn(AkashGenDouble.session("session-1")));
		try (RunningService service = RunningService.against(akashGen, "AKASH_COOKIE=a=1",
				"AKASH_ACCESS_TOKEN=open-4711")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void accessTokenIsSentAsItIsForASessionOnly() {
		try (RunningService service = RunningService.against(akashGen, "AKASH_ACCESS_TOKEN=open-4711")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(authorizations()).containsExactly("Bearer open-4711");
		assertThat(akashGen.submits()).noneMatch((request) -> request.containsHeader("Authorization"));
	}

	@Test
	void accessTokenIsSentAsItsDigestWhereThatIsWantedAndRemembered() {
		akashGen.session(AkashGenDouble.json(403, "{\"error\":\"Invalid Access token\"}"),
				AkashGenDouble.session("session-0"), AkashGenDouble.session("session-1"));
		akashGen.chat(AkashGenDouble.json(403, "{\"message\":\"Unauthorized: Invalid session\"}"),
				AkashGenDouble.queued("fox", ""));
		try (RunningService service = RunningService.against(akashGen, "AKASH_ACCESS_TOKEN=open-4711")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(authorizations()).containsExactly("Bearer open-4711", "Bearer " + DIGEST, "Bearer " + DIGEST);
	}

	@Test
	void accessTokenThatIsWrongIsTriedTwiceAndShownNowhere(CapturedOutput output) {
		akashGen.session(AkashGenDouble.json(403, "{\"error\":\"Invalid Access token\"}"));
		try (RunningService service = RunningService.against(akashGen, "AKASH_ACCESS_TOKEN=open-4711",
				"AKASH_COOKIE=cf_clearance=sesame-0815", "HTTP_PROXY=http://u:pass-1234@127.0.0.1:1", "debug=true")) {
			assertThat(service.complete("fox").body())
				.isEqualTo("{\"error\":\"AkashGen refuses to give a session\",\"details\":\"Invalid Access token\"}");
		}
		assertThat(akashGen.sessions()).isEqualTo(2);
		assertThat(output).doesNotContain("open-4711", DIGEST, "sesame-0815", "pass-1234");
	}

	private static List<String> authorizations() {
		List<LoggedRequest> requests = akashGen.server.findAll(getRequestedFor(urlEqualTo("/api/auth/session/")));
		return requests.stream().map((request) -> request.getHeader("Authorization")).toList();
	}

}
