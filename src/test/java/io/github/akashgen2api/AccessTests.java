package io.github.akashgen2api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys, liveness without a key, prefixes and links, over HTTP.
 */
@ExtendWith(OutputCaptureExtension.class)
class AccessTests {

	private static final String REQUEST = "{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "API_KEY=first, second");

	@ParameterizedTest
	@CsvSource({ "'', Missing authentication token: send the header 'Authorization: Bearer <key>'",
			"' ', Missing authentication token: send the header 'Authorization: Bearer <key>'",
			"Bearer, Authorization must be 'Bearer <key>'", "'Bearer ', Authorization must be 'Bearer <key>'",
			"Basic Zmlyc3Q6, Authorization must be 'Bearer <key>'", "first, Authorization must be 'Bearer <key>'",
			"'Bearer first second', Authorization must be 'Bearer <key>'" })
	void clientWithoutKeyIsRefused(String authorization, String message) {
		HttpResponse<String> response = service.post("/v1/chat/completions", REQUEST, "Authorization", authorization);
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
		assertThat(response.body()).isEqualTo(error(message));
	}

	private static String error(String message) {
		return "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"}}"
			.formatted(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer third", "Bearer firs", "Bearer first,second", "Bearer FIRST" })
	void clientWithWrongKeyIsRefused(String authorization) {
		HttpResponse<String> response = service.post("/v1/chat/completions", REQUEST, "Authorization", authorization);
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
		assertThat(response.body())
			.isEqualTo(error("Invalid authentication token: the service does not know this key"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer first", "Bearer second", "bearer  second" })
	void clientWithKeyIsServed(String authorization) {
		assertThat(service.post("/v1/chat/completions", REQUEST, "Authorization", authorization).statusCode())
			.isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "api-key, first, 200", "x-api-key, second, 200", "X-API-Key, ' first ', 200", "api-key, third, 401",
			"x-api-key, '', 401", "x-api-key, Bearer first, 401" })
	void keyMayBeInOtherHeaders(String name, String key, int status) {
		HttpResponse<String> response = service.post("/v1/chat/completions", REQUEST, name, key);
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(service.post("/v1/chat/completions", REQUEST, "Authorization", "Basic Zmlyc3Q6", name, key)
			.statusCode()).isEqualTo(status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/chat/completions", "/v1;a=b/chat/completions", "//v1/chat/completions",
			"/%761/chat/completions", "/v1/./chat/completions", "/v1", "/v1/anything" })
	void keyIsNeededForEverySpellingOfAPath(String path) {
		assertThat(service.post(path, REQUEST).statusCode()).isIn(400, 401);
	}

	@ParameterizedTest
	@CsvSource({ "/,API service is running", "/ping,pong" })
	void livenessNeedsNoKey(String path, String text) {
		HttpResponse<String> response = service.get(path, "Accept", "*/*");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(text);
		assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness" })
	void healthNeedsNoKeyAndHasNoDetails(String path) {
		HttpResponse<String> response = service.get(path);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type").orElseThrow()).endsWith("json;charset=utf-8");
		assertThat(RunningService.json(response).get("status").asString()).isEqualTo("UP");
		assertThat(RunningService.json(response).has("components")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { ",", "*/*,," })
	void healthIsNotAcceptableWhereAcceptIsInvalid(String accept) {
		HttpResponse<String> response = service.get("/actuator/health", "Accept", accept);
		assertThat(response.statusCode()).isEqualTo(406);
		assertThat(response.body()).isEqualTo("{\"error\":\"Accept must be a list of media types\"}");
	}

	@Test
	void healthIgnoresABody() throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			HttpRequest request = HttpRequest.newBuilder(URI.create(service.origin() + "/actuator/health"))
				.method("GET", HttpRequest.BodyPublishers.ofString("{\"a\":\"b\"}"))
				.build();
			assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/ping", "/diskSpace", "/livenessState", "/db" })
	void partsOfTheHealthAreClosed(String part) {
		assertThat(service.get("/actuator/health" + part, "Authorization", "Bearer first").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/env", "/metrics", "/beans", "/configprops", "/loggers", "/retries",
			"/retryevents", "/shutdown", "/heapdump", "/threaddump", "/info", "/bulkheads", "/circuitbreakers",
			"/ratelimiters", "/caches", "/conditions", "/mappings", "/logfile", "/prometheus", "/scheduledtasks",
			"/startup", "/refresh", "/sessions", "/httpexchanges", "/auditevents", "/sbom", "/jolokia" })
	void otherActuatorEndpointsAreClosed(String endpoint) {
		assertThat(service.get("/actuator" + endpoint, "Authorization", "Bearer first").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "akash", "/akash/" })
	void prefixAppliesToAllRoutes(String prefix) {
		try (RunningService prefixed = RunningService.against(akashGen, "API_PREFIX=" + prefix)) {
			assertThat(prefixed.get("/akash").headers().firstValue("Location")).hasValue("/akash/");
			assertThat(prefixed.get("/akash/").body()).isEqualTo("API service is running");
			assertThat(prefixed.get("/akash/ping").body()).isEqualTo("pong");
			assertThat(prefixed.get("/akash/actuator/health").statusCode()).isEqualTo(200);
			assertThat(prefixed.get("/ping").statusCode()).isEqualTo(404);
			assertThat(prefixed.post("/akash/v1/chat/completions", REQUEST).statusCode()).isEqualTo(401);
			HttpResponse<String> response = prefixed.post("/akash/v1/chat/completions", REQUEST, "Authorization",
					"Bearer k");
			String imageUrl = RunningService.json(response).get("imageUrl").asString();
			assertThat(imageUrl).isEqualTo(prefixed.origin() + "/akash/images?id=" + AkashGenDouble.JOB);
			assertThat(prefixed.bytes("GET", imageUrl.substring(prefixed.origin().length())).body())
				.isEqualTo(AkashGenDouble.PICTURE);
		}
	}

	@Test
	void routeOutsideThePrefixLeavesTheConnectionOpen() throws IOException {
		try (RunningService prefixed = RunningService.against(akashGen, "API_PREFIX=akash");
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(prefixed.origin()).getPort())) {
			for (String connection : List.of("keep-alive", "close")) {
				socket.getOutputStream()
					.write("GET /ping HTTP/1.1\r\nHost: x\r\nConnection: %s\r\n\r\n".formatted(connection)
						.getBytes(StandardCharsets.US_ASCII));
			}
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
				.split("\\{\"error\":\"Not Found\"}", -1)).hasSize(3);
		}
	}

	@Test
	void keyIsGeneratedAndLoggedOnceWhenNoneIsSet(CapturedOutput output) {
		try (RunningService open = RunningService.against(akashGen, "API_KEY=")) {
			Matcher printed = Pattern.compile("clients use this key: ([0-9a-f]{32})").matcher(output);
			assertThat(printed.find()).isTrue();
			String key = printed.group(1);
			assertThat(printed.find()).isFalse();
			assertThat(open.post("/v1/chat/completions", REQUEST, "Authorization", "Bearer " + key).statusCode())
				.isEqualTo(200);
			assertThat(open.post("/v1/chat/completions", REQUEST, "Authorization", "Bearer k").statusCode())
				.isEqualTo(401);
		}
	}

	@Test
	void generatedKeyStaysTheSame(@TempDir Path directory) throws IOException {
		Path file = directory.resolve("jobs/api.key");
		RunningService.against(akashGen, "API_KEY=", "DATA_DIR=" + directory).close();
		String key = Files.readString(file);
		assertThat(key).matches("[0-9a-f]{32}");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
		try (RunningService next = RunningService.against(akashGen, "API_KEY=", "DATA_DIR=" + directory)) {
			assertThat(next.get("/v1/models", "Authorization", "Bearer " + key).statusCode()).isEqualTo(200);
		}
		try (RunningService other = RunningService.against(akashGen, "API_KEY=another", "DATA_DIR=" + directory)) {
			assertThat(other.get("/v1/models", "Authorization", "Bearer " + key).statusCode()).isEqualTo(401);
		}
		assertThat(file).hasContent(key);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "two words", "\u0000" })
	void generatedKeyThatCannotBeUsedIsReplacedUntilTheNextStart(String content, @TempDir Path directory,
			CapturedOutput output) throws IOException {
		Path file = Files.createDirectories(directory.resolve("jobs")).resolve("api.key");
		Files.writeString(file, content);
		try (RunningService open = RunningService.against(akashGen, "API_KEY=", "DATA_DIR=" + directory)) {
			Matcher printed = Pattern.compile("until the next start, clients use this key: ([0-9a-f]{32})")
				.matcher(output);
			assertThat(printed.find()).isTrue();
			assertThat(open.get("/v1/models", "Authorization", "Bearer " + printed.group(1)).statusCode())
				.isEqualTo(200);
		}
		assertThat(file).hasContent(content);
	}

	@Test
	void keyThatIsSetIsNotLogged(CapturedOutput output) {
		try (RunningService closed = RunningService.against(akashGen, "API_KEY=sesame-0815", "SESSION_TOKEN=tok-4711",
				"debug=true")) {
			closed.post("/v1/chat/completions", REQUEST, "Authorization", "Bearer sesame-0815");
			closed.post("/v1/chat/completions", REQUEST, "Authorization", "Bearer wrong");
		}
		assertThat(output).contains("by status: 401=1").doesNotContain("sesame-0815", "tok-4711");
	}

	@Test
	void settingsDoNotShowSecrets() {
		try (RunningService closed = RunningService.against(akashGen, "API_KEY=sesame-0815", "SESSION_TOKEN=tok-4711",
				"AKASH_COOKIE=cf_clearance=cookie-4712", "AKASH_ACCESS_TOKEN=access-4713",
				"HTTP_PROXY=http://u:pass-4714@127.0.0.1:1", "HTTPS_PROXY=http://u:pass-4715@127.0.0.1:1")) {
			assertThat(closed.settings()).anyMatch((settings) -> settings.startsWith("AkashGenProperties["))
				.anyMatch((settings) -> settings.startsWith("ProxyProperties["))
				.noneMatch((settings) -> settings.matches(".*(sesame-0815|-471[1-5]|dTpwYXNz).*"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, akash_gen:3000, http://akash_gen:3000", "127.0.0.1, akash_gen, http://akash_gen",
			"::1, '[::1]:8080', http://[::1]:8080", "127.0.0.1, example.org:80, http://example.org" })
	void linkHasTheHostOfTheRequest(String address, String host, String base) throws IOException {
		try (Socket socket = new Socket(InetAddress.ofLiteral(address), URI.create(service.origin()).getPort())) {
			socket.getOutputStream()
				.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nx-api-key: first\r\nConnection: close\r\n"
						+ "Content-Length: %d\r\n\r\n%s")
					.formatted(host, REQUEST.length(), REQUEST)
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.contains("\"imageUrl\":\"" + base + "/images?id=" + AkashGenDouble.JOB + "\"");
		}
	}

	@Test
	void linkFollowsAProxyOverIpv6() throws IOException {
		try (Socket socket = new Socket(InetAddress.ofLiteral("::1"), URI.create(service.origin()).getPort())) {
			socket.getOutputStream()
				.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x:1\r\nX-Forwarded-Host: example.org\r\n"
						+ "X-Forwarded-Proto: https\r\napi-key: first\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s")
					.formatted(REQUEST.length(), REQUEST)
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.contains("\"imageUrl\":\"https://example.org/images?id=");
		}
	}

	@Test
	void linkFollowsTheForwardedHeaders() {
		HttpResponse<String> response = service.post("/v1/chat/completions", REQUEST, "Authorization", "Bearer first",
				"X-Forwarded-Proto", "https", "X-Forwarded-Host", "pictures.example.com", "X-Forwarded-Port", "8443");
		assertThat(RunningService.json(response).get("imageUrl").asString())
			.isEqualTo("https://pictures.example.com:8443/images?id=" + AkashGenDouble.JOB);
	}

	@Test
	void linkStartsWithThePublicBaseUrl() {
		try (RunningService published = RunningService.against(akashGen,
				"PUBLIC_BASE_URL=https://pictures.example.com/akash/")) {
			HttpResponse<String> response = published.complete("fox");
			assertThat(RunningService.json(response).get("imageUrl").asString())
				.isEqualTo("https://pictures.example.com/akash/images?id=" + AkashGenDouble.JOB);
		}
	}

}
