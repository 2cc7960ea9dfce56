package io.github.akashgen2api;

import java.net.http.HttpResponse;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator reads who asks for more.
 */
@ExtendWith(OutputCaptureExtension.class)
class DebugLogTests {

	private static final String PROMPT = "a lighthouse that nobody shall hear of";

	private static final String KEY = "sk-of-which-no-log-tells";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@ParameterizedTest
	@ValueSource(strings = { "debug=*", "trace=1", "logging.level.web=debug", "logging.level.root=trace",
			"logging.level.org.springframework=trace", "logging.level.org.eclipse.jetty=trace",
			"logging.level.org.apache.hc.client5.http=debug",
			"logging.level.org.springframework.web.servlet.mvc.method.annotation.RequestResponseBodyMethodProcessor=trace" })
	void logTellsNeitherPromptsNorSecretsAndRequestsAreAnsweredAsEver(String setting, CapturedOutput output) {
		akashGen.chat(AkashGenDouble.queued(PROMPT, ""));
		try (RunningService service = RunningService.against(akashGen, "API_KEY=" + KEY,
				"SESSION_TOKEN=session-of-which-no-log-tells", "AKASH_COOKIE=cf=cookie-of-which-no-log-tells",
				"AKASH_ACCESS_TOKEN=token-of-which-no-log-tells", setting)) {
			String authorization = "Bearer " + KEY;
			for (String body : new String[] { completion(""), completion(",\"stream\":true"),
					completion(",\"temperature\":1"), completion(",\"waitForImage\":false") }) {
				assertThat(service
					.post("/v1/chat/completions", body, "Authorization", authorization, "Content-Type",
							"application/x-www-form-urlencoded")
					.statusCode()).isEqualTo(200);
			}
			assertThat(service
				.post("/v1/images/generations", "{\"prompt\":\"" + PROMPT + "\"}", "Authorization", authorization,
						"Content-Type", "multipart/form-data; boundary=x")
				.statusCode()).isEqualTo(200);
			assertThat(service
				.post("/v1/chat/completions", "{\"messages\":\"" + PROMPT + "\"}", "Authorization", authorization)
				.statusCode()).isEqualTo(400);
			assertThat(service.post("/v1/chat/completions", completion(""), "Authorization", "Bearer x" + KEY)
				.statusCode()).isEqualTo(401);
			assertThat(service.get("/images?id=" + AkashGenDouble.JOB, "Cookie", "a=" + KEY).statusCode())
				.isEqualTo(200);
			akashGen.status(AkashGenDouble.row("failed", "no worker for " + PROMPT));
			assertFails(service);
			akashGen.status(AkashGenDouble.row(PROMPT, ""));
			assertFails(service);
			akashGen.chat(AkashGenDouble.text("0:\"The prompt is refused: " + PROMPT + "\"\n"));
			assertFails(service);
			akashGen.chat(AkashGenDouble.text("3:\"Out of order: " + PROMPT + "\"\n"));
			assertFails(service);
			akashGen.chat(AkashGenDouble.json(400, "{\"error\":\"Bad prompt: " + PROMPT + "\"}"));
			assertFails(service);
		}
		if (!setting.startsWith("logging.level.org.")) {
			assertThat(output.toString().contains("Completed 200 OK")).as("more in the log").isTrue();
		}
		assertThat(output.getAll()
			.lines()
			.filter((line) -> line.contains("of which no") || line.contains("nobody shall hear")
					|| line.contains("of-which-no") || line.contains("session-1")))
			.isEmpty();
	}

	private static void assertFails(RunningService service) {
		for (String more : new String[] { "", ",\"stream\":true", ",\"temperature\":1" }) {
			assertThat(service.post("/v1/chat/completions", completion(more), "Authorization", "Bearer " + KEY).body())
				.containsAnyOf("error", "The prompt is refused");
		}
		HttpResponse<String> images = service.post("/v1/images/generations", "{\"prompt\":\"" + PROMPT + "\"}",
				"Authorization", "Bearer " + KEY);
		assertThat(images.body()).contains("error");
	}

	private static String completion(String more) {
		return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]" + more + "}";
	}

}
