package io.github.akashgen2api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * CORS headers for web pages of other origins.
 */
class CorsTests {

	private static final String PAGE = "https://chat.example.com";

	private static final String REQUEST = "{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService open = RunningService.against(akashGen, "akash.submit-timeout=2s");

	@RegisterExtension
	static final RunningService listed = RunningService.against(akashGen, "API_PREFIX=akash",
			"CORS_ALLOWED_ORIGINS=" + PAGE + "/, app://obsidian.md, http://[::1]:8080");

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					/v1/chat/completions | POST | authorization, content-type
					/v1/chat/completions | POST | x-stainless-lang, x-stainless-timeout, user-agent, openai-project, authorization
					/v1/images/generations | POST | X-My-Own, AUTHORIZATION
					/v1/models | GET | authorization
					/v1/models/AkashGen | GET | authorization
					/v1/jobs/job_1 | DELETE | authorization
					/v1/nothing | POST | authorization
					/nothing/at/all | GET | x-a
					/images?id=1 | HEAD | x-a
					/ping | GET | x-a
					/ | GET | x-a
					/actuator/health | GET | x-a
					""")
	void preflightNeedsNoKeyAndAllowsTheRequestedHeaders(String path, String method, String headers) {
		Answer answer = preflight(open, path, PAGE, "Access-Control-Request-Method: " + method,
				"Access-Control-Request-Headers: " + headers);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
		assertThat(answer.list("access-control-allow-methods")).containsExactlyInAnyOrder("GET", "HEAD", "POST",
				"DELETE", "OPTIONS");
		assertThat(answer.header("access-control-allow-headers")).isEqualTo(headers);
		assertThat(answer.header("access-control-max-age")).isEqualTo("7200");
		assertThat(answer.headers()).doesNotContainKeys("access-control-allow-credentials", "www-authenticate");
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "http://localhost:5173", "tauri://localhost" })
	void preflightOfAnyOriginIsAllowed(String origin) {
		Answer answer = preflight(open, "/v1/chat/completions", origin, "Access-Control-Request-Method: POST");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
	}

	@ParameterizedTest
	@ValueSource(strings = { PAGE, "app://obsidian.md", "http://[::1]:8080" })
	void preflightOfListedOriginIsAllowed(String origin) {
		Answer answer = preflight(listed, "/akash/v1/chat/completions", origin, "Access-Control-Request-Method: POST");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("access-control-allow-origin")).isEqualTo(origin);
		assertThat(answer.list("vary")).contains("Origin");
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "https://example.com", "http://chat.example.com", "https://chat.example.com:8443",
			"https://chat.example.com.evil.example", "https://evil.chat.example.com" })
	void preflightOfOtherOriginIsRefused(String origin) {
		Answer answer = preflight(listed, "/akash/v1/chat/completions", origin, "Access-Control-Request-Method: POST");
		assertThat(answer.status()).isEqualTo(403);
		assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
		assertThat(answer.list("vary")).contains("Origin");
	}

	@Test
	void requestWithInvalidOriginIsServed() {
		Answer answer = call(open, "GET", "/v1/models", "*/*", "");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
		assertThat(answer.list("vary")).contains("Origin");
	}

	@Test
	void preflightOfUnknownMethodIsRefused() {
		assertThat(preflight(open, "/v1/models", PAGE, "Access-Control-Request-Method: PUT").status()).isEqualTo(403);
	}

	@Test
	void requestOfOtherOriginIsServedWithoutCorsHeaders() {
		Answer answer = call(listed, "POST", "/akash/v1/chat/completions", "https://example.com", REQUEST);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.headers()).doesNotContainKeys("access-control-allow-origin", "access-control-expose-headers");
		assertThat(answer.list("vary")).contains("Origin");
	}

	@Test
	void answerToListedOriginIsReadable() {
		Answer answer = call(listed, "POST", "/akash/v1/chat/completions", PAGE, REQUEST);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("access-control-allow-origin")).isEqualTo(PAGE);
		assertThat(answer.list("vary")).contains("Origin");
	}

	@Test
	void answerWithoutOriginHasOnlyAVaryHeader() {
		Answer answer = exchange(listed, "GET /akash/images?id=" + AkashGenDouble.JOB, List.of(), "");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
		assertThat(answer.header("cross-origin-resource-policy")).isEqualTo("cross-origin");
		assertThat(answer.list("vary")).contains("Origin");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET    | /images?id=32aa59e6-0c2b-45dc-851e-b60f5eb8bd6f | 200
			GET    | /ping                | 200
			GET    | /nothing             | 404
			GET    | /images              | 400
			DELETE | /ping                | 405
			POST   | /v1/nothing          | 404
			GET    | /v1/chat/completions | 405
			POST   | /v1/chat/completions | 400
			""")
	void answersAreReadableWithTheirRetryHeaders(String method, String path, int status) {
		assertReadable(call(open, method, path, PAGE, ""), status);
	}

	@Test
	void refusalWithoutKeyIsReadable() {
		Answer answer = exchange(open, "POST /v1/chat/completions", List.of("Origin: " + PAGE), REQUEST);
		assertReadable(answer, 401);
		assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
	}

	@Test
	void upstreamErrorIsReadable() {
		akashGen.status(AkashGenDouble.row("failed", "out of memory"));
		assertReadable(call(open, "POST", "/v1/chat/completions", PAGE, REQUEST), 502);
		akashGen.status(AkashGenDouble.row("pending", ""));
		assertReadable(call(open, "POST", "/v1/chat/completions", PAGE, REQUEST), 504);
		akashGen.chat(AkashGenDouble.json(429, "{}").withHeader("x-tokenlimit-reset", "4000000000"));
		try (RunningService limited = RunningService.against(akashGen)) {
			assertReadable(call(limited, "POST", "/v1/chat/completions", "null", REQUEST), 429);
		}
	}

	private static void assertReadable(Answer answer, int status) {
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
		assertThat(answer.list("access-control-expose-headers")).containsExactly("Retry-After", "retry-after-ms",
				"x-should-retry", "x-request-id", "WWW-Authenticate", "Location", "X-Job-Id", "Preference-Applied");
		assertThat(answer.headers()).doesNotContainKeys("access-control-allow-credentials",
				"access-control-allow-methods", "access-control-max-age");
	}

	private static Answer preflight(RunningService service, String path, String origin, String... headers) {
		return exchange(service, "OPTIONS " + path, lines("Origin: " + origin, headers), "");
	}

	private static Answer call(RunningService service, String method, String path, String origin, String body) {
		return exchange(service, method + " " + path, lines("Origin: " + origin, "Authorization: Bearer k"), body);
	}

	private static List<String> lines(String first, String... others) {
		return List.of(first, String.join("\r\n", others));
	}

	/**
	 * The JDK's client does not permit an {@code Origin} header, so this uses a socket.
	 */
	private static Answer exchange(RunningService service, String request, List<String> headers, String body) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort())) {
			String lines = headers.stream().map((line) -> line + "\r\n").collect(Collectors.joining());
			socket.getOutputStream()
				.write("%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s"
					.formatted(request, body.length(), lines, body)
					.getBytes(StandardCharsets.UTF_8));
			return Answer.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Answer(int status, Map<String, String> headers) {

		static Answer of(String text) {
			List<String> head = text.substring(0, text.indexOf("\r\n\r\n")).lines().toList();
			return new Answer(Integer.parseInt(head.getFirst().split(" ", 3)[1]),
					head.stream()
						.skip(1)
						.map((line) -> line.split(": ", 2))
						.collect(Collectors.toMap((line) -> line[0].toLowerCase(Locale.ROOT), (line) -> line[1],
								(one, another) -> one + ", " + another)));
		}

		String header(String name) {
			return this.headers.get(name);
		}

		List<String> list(String name) {
			return List.of(this.headers.get(name).split(" *, *", -1));
		}

	}

}
