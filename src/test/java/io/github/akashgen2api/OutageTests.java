package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers are told, and AkashGen is asked, while it is down.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutageTests {

	private static final String DOWN = "{\"error\":\"AkashGen cannot be reached\"}";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final FaultyRelay relay = new FaultyRelay(akashGen);

	/** Always; so no test finds AkashGen to be down. */
	@RegisterExtension
	static final RunningService answered = against("1h");

	static Stream<Arguments> silences() {
		return Stream.of(Arguments.of("no answer", aResponse().withFault(Fault.EMPTY_RESPONSE)),
				Arguments.of("reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)),
				Arguments.of("late", AkashGenDouble.queued("fox", "").withFixedDelay(30_000)),
				Arguments.of("502", AkashGenDouble.html(502)), Arguments.of("504", AkashGenDouble.json(504, "")),
				Arguments.of("522", AkashGenDouble.html(522)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("silences")
	void callersAreToldAtOnceAfterFiveSilencesInARow(String name, ResponseDefinitionBuilder silence,
			CapturedOutput output) {
		akashGen.chat(silence);
		try (RunningService service = RunningService.against(akashGen, settings("1h", "500ms"))) {
			for (int i = 0; i < 5; i++) {
				assertThat(service.complete("fox").statusCode()).isIn(502, 504);
			}
			for (HttpResponse<String> response : RunningService.atOnce(10, () -> service.complete("fox"))) {
				assertThat(response.statusCode()).isEqualTo(502);
				assertThat(response.body()).isEqualTo(DOWN);
				assertThat(response.headers().firstValue("Retry-After")).hasValue("3600");
			}
		}
		assertThat(akashGen.submits()).hasSize(5);
		assertThat(akashGen.sessions()).isEqualTo(1);
		assertThat(output.getAll().lines().filter((line) -> line.contains("has not answered 5 times in a row")))
			.hasSize(1);
	}

	static Stream<ResponseDefinitionBuilder> answers() {
		return Stream.of(aResponse().withStatus(500), AkashGenDouble.json(403, "{\"error\":\"Model not available\"}"),
				AkashGenDouble.text("3:\"boom\"\n"), AkashGenDouble.text("f:{}\n0:\"words\"\n"),
				aResponse().withStatus(400), AkashGenDouble.html(200));
	}

	@ParameterizedTest
	@MethodSource("answers")
	void whatAkashGenAnswersIsNoSilence(ResponseDefinitionBuilder answer) {
		akashGen.chat(answer);
		for (int i = 0; i < 8; i++) {
			assertThat(answered.complete("fox").body()).isNotEqualTo(DOWN);
		}
		assertThat(akashGen.submits()).hasSize(8);
	}

	@Test
	void silencesThatAreNotInARowAreSuffered() {
		ResponseDefinitionBuilder silence = aResponse().withFault(Fault.EMPTY_RESPONSE);
		akashGen.chat(silence, silence, silence, silence, AkashGenDouble.queued("fox", ""), silence, silence, silence,
				silence, AkashGenDouble.queued("fox", ""));
		try (RunningService service = against("1h")) {
			List<Integer> statuses = Stream.generate(() -> service.complete("fox").statusCode()).limit(10).toList();
			assertThat(statuses).containsExactly(502, 502, 502, 502, 200, 502, 502, 502, 502, 200);
		}
	}

	@Test
	void serviceFindsOutByItselfThatAkashGenIsBack(CapturedOutput output) {
		akashGen.session(AkashGenDouble.html(503), AkashGenDouble.html(503), AkashGenDouble.html(503),
				AkashGenDouble.html(503), AkashGenDouble.html(503), AkashGenDouble.html(503), AkashGenDouble.html(503),
				AkashGenDouble.session("session-1"));
		try (RunningService service = against("50ms")) {
			for (int i = 0; i < 5; i++) {
				assertThat(service.complete("fox").statusCode()).isEqualTo(502);
			}
			Awaitility.await().until(() -> output.getAll().contains("AkashGen answers again"));
			assertThat(akashGen.sessions()).isEqualTo(8);
			assertThat(akashGen.submits()).isEmpty();
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		assertThat(akashGen.sessions()).isEqualTo(9);
	}

	@Test
	void answerThatCannotBeReadDoesNotEndTheSearchForAkashGen(CapturedOutput output) {
		akashGen.chat(AkashGenDouble.html(502));
		try (RunningService service = RunningService.against(relay.address(), settings("50ms", "90s"))) {
			for (int i = 0; i < 5; i++) {
				assertThat(service.complete("fox").statusCode()).isEqualTo(502);
			}
			relay.tellLength("/api/auth/session/", (length) -> length + ", " + length);
			int before = akashGen.sessions();
			Awaitility.await().until(() -> akashGen.sessions() > before + 2);
			assertThat(output.getAll()).doesNotContain("AkashGen answers again");
			relay.tellLength("/api/auth/session/", Integer::toString);
			Awaitility.await().until(() -> output.getAll().contains("AkashGen answers again"));
		}
	}

	@Test
	void jobsInHandGoOn() {
		akashGen.chat(AkashGenDouble.queued("fox", ""), aResponse().withFault(Fault.EMPTY_RESPONSE));
		akashGen.status(AkashGenDouble.row("pending", ""));
		try (RunningService service = against("1h")) {
			service.post("{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}],\"waitForImage\":false}");
			for (int i = 0; i < 6; i++) {
				service.complete("fox");
			}
			assertThat(service.complete("fox").body()).isEqualTo(DOWN);
			akashGen.status(AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
			assertThat(service.bytes("GET", "/images?id=" + AkashGenDouble.JOB + "&wait=10").body())
				.isEqualTo(AkashGenDouble.PICTURE);
		}
		assertThat(akashGen.submits()).hasSize(6);
	}

	private static RunningService against(String probeInterval) {
		return RunningService.against(akashGen, settings(probeInterval, "90s"));
	}

	private static String[] settings(String probeInterval, String submitTimeout) {
		return new String[] { "akash.outage.after=5", "akash.outage.probe-interval=" + probeInterval,
				"akash.submit-timeout=" + submitTimeout };
	}

}
