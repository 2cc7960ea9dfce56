package io.github.akashgen2api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator reads.
 */
@ExtendWith(OutputCaptureExtension.class)
class LogTests {

	private static final String PROMPT = "a secret lighthouse";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	/** Else a service would write as the one before it in this process did. */
	@BeforeEach
	@AfterEach
	void forgetFormat() {
		System.clearProperty("CONSOLE_LOG_STRUCTURED_FORMAT");
	}

	@Test
	void jobHasOneLineThatTellsWhereTheTimeWent(CapturedOutput output) {
		akashGen.chat(AkashGenDouble.queued(PROMPT, ""));
		akashGen.status(AkashGenDouble.row("pending", ""), AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		try (RunningService service = RunningService.against(akashGen)) {
			HttpResponse<String> response = service.complete(PROMPT);
			String id = response.headers().firstValue("X-Request-Id").orElseThrow();
			assertThat(jobLines(output)).singleElement()
				.asString()
				.containsPattern("Job ended: jobId=" + AkashGenDouble.JOB + " caller=[0-9a-f]{12} requestId=" + id
						+ " outcome=succeeded fault=none submitMs=")
				.containsPattern("submitMs=\\d+ queueMs=\\d+ paintMs=\\d+ deliveryMs=\\d+ attempts=2$");
		}
		assertThat(output).doesNotContain(PROMPT);
	}

	@Test
	void faultOfAkashGenIsToldFromThatOfTheNetworkAndOfTheSession(CapturedOutput output) {
		try (RunningService service = RunningService.against(akashGen)) {
			akashGen.status(AkashGenDouble.row("failed", "no worker"));
			assertThat(service.complete(PROMPT).statusCode()).isEqualTo(502);
			akashGen.status(AkashGenDouble.row("succeeded", "data:image/webp;base64,!!!"));
			assertThat(service.complete(PROMPT).statusCode()).isEqualTo(502);
			akashGen
				.chat(AkashGenDouble.json(500, "{\"error\":\"Error generating image\",\"message\":\"No workers\"}"));
			assertThat(service.complete(PROMPT).statusCode()).isEqualTo(502);
			akashGen.chat(AkashGenDouble.json(429,
					"{\"error\":\"Rate limit exceeded\",\"resetTime\":\"2099-01-01T00:00:00Z\"}"));
			assertThat(service.complete(PROMPT).statusCode()).isEqualTo(429);
		}
		akashGen.session(AkashGenDouble.json(403, "{\"error\":\"Access token required\"}"));
		try (RunningService service = RunningService.against(akashGen)) {
			assertThat(service.complete(PROMPT).statusCode()).isEqualTo(502);
		}
		try (RunningService service = RunningService.against(akashGen, "AKASH_BASE_URL=http://127.0.0.1:1")) {
			assertThat(service.complete(PROMPT).statusCode()).isEqualTo(502);
		}
		assertThat(jobLines(output)).hasSize(6)
			.satisfiesExactly((line) -> assertThat(line).contains("outcome=failed fault=akashgen"),
					(line) -> assertThat(line).contains("outcome=lost fault=akashgen"),
					(line) -> assertThat(line).contains("jobId=- ", "outcome=not_queued fault=akashgen"),
					(line) -> assertThat(line).contains("outcome=not_queued fault=allowance"),
					(line) -> assertThat(line).contains("outcome=not_queued fault=session"),
					(line) -> assertThat(line).contains("outcome=not_queued fault=network"));
		assertThat(output).doesNotContain(PROMPT);
	}

	@Test
	void failureWritesOneLineWithJobAndAnswer(CapturedOutput output) {
		akashGen.status(AkashGenDouble.row("failed", "out of\\nmemory\\u0007"));
		try (RunningService service = RunningService.against(akashGen)) {
			long linesBefore = output.getAll().lines().count();
			service.complete(PROMPT);
			List<String> lines = output.getAll().lines().skip(linesBefore).toList();
			assertThat(lines).hasSize(2).filteredOn((line) -> line.contains("Job ended")).hasSize(1);
			assertThat(lines).filteredOn((line) -> !line.contains("Job ended"))
				.singleElement()
				.asString()
				.contains("POST /v1/chat/completions -> 502: Image generation failed")
				.contains("job " + AkashGenDouble.JOB)
				.contains("Image generation failed (14 characters)")
				.containsPattern("200 text/plain;charset=UTF-8 \\(\\d+ bytes\\)")
				.doesNotContain("memory");
		}
		assertThat(output).doesNotContain("\u0007");
	}

	@Test
	void failureLogsNoControlCharactersAndNoMoreThan200(CapturedOutput output) {
		akashGen.chat(aResponse().withStatus(500).withBody("a\r\nb\u001b[31m" + "x".repeat(1000)));
		try (RunningService service = RunningService.against(akashGen, "LOG_PROMPTS=true")) {
			service.complete(PROMPT);
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("-> 502: AkashGen answered 500")))
			.singleElement()
			.asString()
			.contains("a\\u000d\\u000ab\\u001b[31m" + "x".repeat(191) + "\"")
			.doesNotContain("\u001b[31m");
		assertThat(output).doesNotContain("session-1");
	}

	@Test
	void failureNobodyWaitsForWritesOneLineToo(CapturedOutput output) {
		akashGen.status(AkashGenDouble.row("failed", "out of memory"));
		try (RunningService service = RunningService.against(akashGen)) {
			service.post("{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}],\"waitForImage\":false}");
			Awaitility.await().until(() -> output.getAll().contains("reason=13 characters"));
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains(AkashGenDouble.JOB))).hasSize(1);
	}

	@Test
	void promptIsNotInWhatIsLoggedOfAnAnswerThatCannotBeUsed(CapturedOutput output) {
		akashGen.chat(AkashGenDouble.text(AkashGenDouble.tag("undefined", PROMPT, "")));
		try (RunningService service = RunningService.against(akashGen)) {
			assertThat(service.complete(PROMPT).statusCode()).isEqualTo(502);
		}
		assertThat(output.toString()).contains("-> 502").doesNotContain("undefined", PROMPT);
	}

	/** With its own service, which serves nobody for a while after this answer. */
	@Test
	void promptThatARateLimitRepeatsIsNotInTheLog(CapturedOutput output) {
		akashGen.chat(AkashGenDouble.json(429, "{\"message\":\"" + PROMPT + "\"}"));
		try (RunningService service = RunningService.against(akashGen)) {
			assertPromptIsNotLogged(service, output);
		}
	}

	private static void assertPromptIsNotLogged(RunningService service, CapturedOutput output) {
		service.complete(PROMPT);
		service.post("/v1/images/generations", "{\"prompt\":\"" + PROMPT + "\"}");
		assertThat(output.getAll().lines().filter((line) -> line.contains("lighthouse"))).isEmpty();
		assertThat(output.toString()).contains("-> ").containsPattern("\\(\\d+ bytes\\)");
	}

	@Test
	void wordsOfAkashGenAreLoggedForWhoWantsPrompts(CapturedOutput output) {
		akashGen.chat(AkashGenDouble.text("3:\"Invalid prompt: " + PROMPT + "\"\n"));
		try (RunningService service = RunningService.against(akashGen, "LOG_PROMPTS=true")) {
			service.complete(PROMPT);
		}
		assertThat(output.toString()).contains("(Invalid prompt: " + PROMPT + ")", "\"3:\"Invalid prompt: " + PROMPT);
	}

	@Test
	void promptsAreLoggedForWhoWantsIt(CapturedOutput output) {
		akashGen.chat(AkashGenDouble.queued("two\nlines", ""));
		try (RunningService service = RunningService.against(akashGen, "LOG_PROMPTS=true")) {
			service.complete(PROMPT);
		}
		assertThat(jobLines(output)).singleElement().asString().endsWith(" prompt=two\\u000alines");
	}

	@Test
	void logIsTextForWhoSaysSo(CapturedOutput output) {
		try (RunningService service = RunningService.against(akashGen, "LOG_FORMAT=text")) {
			assertThat(service.complete(PROMPT).statusCode()).isEqualTo(200);
			Awaitility.await().until(() -> !jobLines(output).isEmpty());
		}
		assertThat(jobLines(output)).singleElement().asString().contains(" INFO ", "Job ended: jobId=");
	}

	@Test
	void logIsJsonForWhoWantsIt(CapturedOutput output) {
		try (RunningService service = RunningService.against(akashGen, "LOG_FORMAT=ecs")) {
			assertThat(service.complete(PROMPT).statusCode()).isEqualTo(200);
			Awaitility.await().until(() -> !jobLines(output).isEmpty());
		}
		JsonNode line = RunningService.JSON.readTree(jobLines(output).getFirst());
		assertThat(line.at("/jobId").asString()).isEqualTo(AkashGenDouble.JOB);
		assertThat(line.at("/outcome").asString()).isEqualTo("succeeded");
		assertThat(line.at("/log/level").asString()).isEqualTo("INFO");
	}

	@Test
	void refusalsWithoutAKeyAreCountedAndNotLoggedEach(CapturedOutput output) throws IOException {
		try (RunningService service = RunningService.against(akashGen)) {
			long linesBefore = output.getAll().lines().count();
			for (int i = 0; i < 3; i++) {
				assertThat(service.post("/v1/chat/completions", "{}").statusCode()).isEqualTo(401);
				assertThat(service.get("/nothing/" + "x".repeat(5000)).statusCode()).isEqualTo(404);
				assertThat(service.get("/images?id=").statusCode()).isEqualTo(400);
			}
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort())) {
				socket.getOutputStream().write("GET /a\u0001b HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
					.isEqualTo("HTTP/1.1 400");
			}
			assertThat(output.getAll().lines().skip(linesBefore)).isEmpty();
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("Failed requests without a valid key")))
			.singleElement()
			.asString()
			.contains(" INFO ")
			.endsWith("by status: 400=4, 401=3, 404=3");
	}

	@Test
	void addressIsLoggedInPartOnly(CapturedOutput output) {
		try (RunningService service = RunningService.against(akashGen, "logging.level.io.github.akashgen2api=debug")) {
			service.get("/nothing/" + "x".repeat(5000));
			service.post("/v1/" + "y".repeat(5000), "{}", "Authorization", "Bearer k");
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("-> 404"))).hasSize(2)
			.allSatisfy((line) -> assertThat(line).hasSizeLessThan(700));
	}

	@Test
	void shortKeysAreWarnedOfButNotTold(CapturedOutput output) {
		try (RunningService service = RunningService.against(akashGen, "API_KEY=guess-me,0123456789abcdef")) {
			assertThat(output.toString())
				.contains("1 of the keys in API_KEY have fewer than 16 characters and can be guessed")
				.doesNotContain("guess-me");
			assertThat(service.get("/ping").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void eachAnswerHasItsOwnRequestIdWhateverTheCallerBrings(CapturedOutput output) {
		try (RunningService service = RunningService.against(akashGen)) {
			List<String> ids = List.of(id(service.get("/ping")), id(service.get("/ping", "X-Request-Id", "mine")),
					id(service.get("/nothing")), id(service.post("{}")));
			assertThat(ids).doesNotHaveDuplicates().doesNotContain("mine");
			assertThat(output.toString()).contains("[" + ids.getLast() + "]");
		}
	}

	private static String id(HttpResponse<String> response) {
		return response.headers().firstValue("X-Request-Id").orElseThrow();
	}

	private static List<String> jobLines(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains("Job ended")).toList();
	}

	/**
	 * Tests with one service, whose log has the default settings.
	 */
	@Nested
	class Repeated {

		@RegisterExtension
		static final RunningService service = RunningService.against(akashGen, "POLL_MAX_ATTEMPTS=2",
				"POLL_INTERVAL=20ms");

		static Stream<Arguments> answersThatRepeatThePrompt() {
			String escaped = PROMPT.replace(" ", "\\u0020");
			return Stream.of(Arguments.of("words", AkashGenDouble.text("f:{}\n0:\"I cannot paint " + PROMPT + "\"\n")),
					Arguments.of("error part", AkashGenDouble.text("3:\"Invalid prompt: " + PROMPT + "\"\n")),
					Arguments.of("escaped", AkashGenDouble.text("3:\"" + escaped + "\"\n")),
					Arguments.of("500",
							AkashGenDouble.json(500,
									"{\"error\":\"Error generating image\",\"message\":\"bad: " + PROMPT + "\"}")),
					Arguments.of("400", aResponse().withStatus(400).withBody("too long: " + PROMPT)),
					Arguments.of("403", AkashGenDouble.json(403, "{\"error\":\"no\",\"message\":\"" + PROMPT + "\"}")),
					Arguments.of("redirect",
							AkashGenDouble.redirect(308, "http://example.com/" + PROMPT.replace(' ', '+'))),
					Arguments.of("page", AkashGenDouble.html(200).withBody("<html>" + PROMPT)));
		}

		@ParameterizedTest(name = "{0}")
		@MethodSource("answersThatRepeatThePrompt")
		void promptThatAkashGenRepeatsIsNotInTheLog(String name, ResponseDefinitionBuilder answer,
				CapturedOutput output) {
			akashGen.chat(answer);
			assertPromptIsNotLogged(service, output);
		}

		@ParameterizedTest
		@CsvSource({ "failed, a secret lighthouse", "a secret lighthouse, ", "succeeded, Failed: a secret lighthouse",
				"succeeded, http://a/secret-lighthouse" })
		void promptThatAStatusRepeatsIsNotInTheLog(String status, String result, CapturedOutput output) {
			akashGen.status(AkashGenDouble.row(status, (result != null) ? result : ""));
			service.complete(PROMPT);
			service.get("/images?id=" + AkashGenDouble.JOB);
			assertThat(output.getAll().lines().filter((line) -> line.contains("lighthouse"))).isEmpty();
			assertThat(output.toString()).contains("-> ");
		}

	}

}
