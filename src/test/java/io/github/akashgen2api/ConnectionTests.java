package io.github.akashgen2api;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the web server does by itself: which requests it refuses, and how, and how long it
 * keeps connections.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionTests {

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "connections.header-timeout=1s",
			"bodies.drain=300ms");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET /a%00b HTTP/1.1\\r\\nHost: x                       | 400 | Bad Request
			GET /a%zzb HTTP/1.1\\r\\nHost: x                       | 400 | Bad Request
			GET /a%ffb HTTP/1.1\\r\\nHost: x                       | 400 | Bad Request
			GET /a b HTTP/1.1\\r\\nHost: x                         | 400 | Bad Request
			GET /..;/ping HTTP/1.1\\r\\nHost: x                    | 400 | Bad Request
			GET /%2e%2e/ping HTTP/1.1\\r\\nHost: x                 | 400 | Bad Request
			GET //ping HTTP/1.1\\r\\nHost: x                       | 400 | Bad Request
			GET /%2e%2e/v2/ping HTTP/1.1\\r\\nHost: x              | 400 | Bad Request
			GET /images?id=%zz HTTP/1.1\\r\\nHost: x               | 400 | Bad Request
			GET /images?id=%ff HTTP/1.1\\r\\nHost: x               | 400 | Bad Request
			GET /ping HTTP/1.1\\r\\nX: y                           | 400 | Bad Request
			GET /ping HTTP/1.1\\r\\nHost: a b                      | 400 | Bad Request
			GET /ping HTTP/1.1\\r\\nHost: x\\r\\nHost: y           | 400 | Bad Request
			GET /ping HTTP/1.1\\r\\nHost: x\\r\\nno colon          | 400 | Bad Request
			G(T /ping HTTP/1.1\\r\\nHost: x                        | 400 | Bad Request
			GET /ping HTTP/1.1\\r\\nHost: x\\r\\nExpect: wonders   | 417 | Expectation Failed
			FOO /ping HTTP/1.1\\r\\nHost: x                        | 405 | Method Not Allowed
			TRACE /ping HTTP/1.1\\r\\nHost: x                      | 405 | Method Not Allowed
			GET /WEB-INF/web.xml HTTP/1.1\\r\\nHost: x             | 404 | Not Found
			""")
	void requestThatIsNoneIsRefusedInJson(String request, int status, String error, CapturedOutput output)
			throws IOException {
		String answer = exchange(request);
		assertThat(answer).startsWith("HTTP/1.1 " + status + " ")
			.containsIgnoringCase("Content-Type: application/json;charset=utf-8\r\n")
			.doesNotContainIgnoringCase("Server:", "jetty", "exception");
		assertThat(body(answer)).startsWith("{\"error\":\"" + error + "\"").endsWith("}");
		assertThat(output.getAll()).doesNotContain("\tat ", "WARN", "ERROR");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /v1/models HTTP/1.1\\r\\nX: y",
			"POST /v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: many" })
	void requestOfAnOpenAiClientThatIsNoneIsRefusedInItsShape(String request) throws IOException {
		String answer = exchange(request);
		assertThat(answer).startsWith("HTTP/1.1 400 ");
		assertThat(body(answer)).isEqualTo(
				"{\"error\":{\"message\":\"Bad Request\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"bad_request\"}}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "*/*", "nonsense", "multipart/form-data", "multipart/form-data; boundary=x",
			"application/x-www-form-urlencoded" })
	void contentTypeThatMakesNoSenseIsNoFault(String contentType) throws IOException {
		assertThat(exchange("GET /actuator/health HTTP/1.1\r\nHost: x\r\nContent-Type: " + contentType))
			.startsWith("HTTP/1.1 200 ");
		assertThat(exchange(
				"GET /images?id=%s HTTP/1.1\r\nHost: x\r\nContent-Type: %s".formatted(AkashGenDouble.JOB, contentType)))
			.contains("Content-Type: image/webp\r\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /ping HTTP/1.1", "OPTIONS /ping HTTP/1.1", "PUT /ping HTTP/1.1",
			"POST /nothing HTTP/1.1", "POST /v1/chat/completions HTTP/1.1",
			"OPTIONS /ping HTTP/1.1\\r\\nOrigin: http://a.example\\r\\nAccess-Control-Request-Method: GET",
			"OPTIONS /ping HTTP/1.1\\r\\nOrigin: http://a.example\\r\\nAccess-Control-Request-Method: PUT" })
	void connectionIsOfUseAfterABodyThatNobodyRead(String request) throws IOException {
		String body = "1\r\n \r\n".repeat(10_000) + "0\r\n\r\n";
		assertThat(exchange(
				request + "\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "GET /ping HTTP/1.1\r\nHost: x"))
			.containsPattern("(?s)^HTTP/1.1 [24].*HTTP/1.1 200 OK")
			.endsWith("\r\n\r\npong");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET /ping             | 200
			GET /                 | 200
			GET /images?id=%s     | 200
			GET /v1/models        | 200
			GET /nothing          | 404
			GET /a%%zz            | 400
			OPTIONS /v1/models    | 200
			""")
	void headersOfThirtyKilobytesAreRead(String request, int status) throws IOException {
		assertThat(exchange(request.formatted(AkashGenDouble.JOB)
				+ " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nOrigin: http://a.example\r\n"
				+ "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: " + "a".repeat(10_000)
				+ "\r\nCookie: a=" + "b".repeat(20_000)))
			.startsWith("HTTP/1.1 " + status + " ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/ping", "/v1/models" })
	void headersThatAreTooLargeAreRefusedInJson(String path) throws IOException {
		String reason = "The request headers are larger than 32 KB, or there are more than 200";
		for (String headers : new String[] { "X: " + "a".repeat(33_000), "X:\r\n".repeat(201) + "X:" }) {
			String answer = exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers);
			assertThat(answer).startsWith("HTTP/1.1 431 ");
			assertThat(body(answer))
				.isEqualTo(
						path.equals(
								"/ping") ? "{\"error\":\"Request Header Fields Too Large\",\"details\":\"%s\"}".formatted(reason) : "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"request_header_fields_too_large\"}}".formatted(reason));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "//v1/models", "/v1//models", "/v1/chat//completions" })
	void pathWithAnEmptySegmentIsRefusedNamingIt(String path) throws IOException {
		assertThat(body(exchange("GET " + path + " HTTP/1.1\r\nHost: x"))).isEqualTo(
				"{\"error\":{\"message\":\"The path contains an empty segment; it must not contain two slashes in a row\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"bad_request\"}}");
	}

	@Test
	void headerThatDoesNotEndIsNotWaitedFor() {
		atOnce(Stream.of("", "GET /ping HTTP/1.1\r\nHost: x\r\nX: ", "GET /p"), (begin) -> {
			try (Socket socket = connect(service)) {
				socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
				assertIsClosed(socket, "y");
			}
		});
	}

	@ParameterizedTest
	@CsvSource({ "POST /v1/chat/completions,401", "POST /nothing,404", "PUT /images,405", "OPTIONS /v1/models,401",
			"GET /ping,200" })
	void bodyThatTricklesWithoutKeyIsNotWaitedFor(String request, int status) {
		atOnce(Stream.of("Content-Length: 100000000", "Content-Length: 1000", "Transfer-Encoding: chunked"),
				(length) -> {
					try (Socket socket = connect(service)) {
						socket.getOutputStream()
							.write((request
									+ " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
									+ length + "\r\n\r\n")
								.getBytes(StandardCharsets.US_ASCII));
						assertThat(new String(socket.getInputStream().readNBytes(13), StandardCharsets.US_ASCII))
							.isEqualTo("HTTP/1.1 " + status + " ");
						assertIsClosed(socket, length.startsWith("T") ? "1\r\ny\r\n" : "y");
					}
				});
	}

	/** Before much more than the limits of time, whatever the client sends. */
	private static void assertIsClosed(Socket socket, String more) throws IOException {
		OutputStream out = socket.getOutputStream();
		Awaitility.await().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(45)).until(() -> {
			try {
				out.write(more.getBytes(StandardCharsets.US_ASCII));
				return false;
			}
			catch (SocketException ex) {
				return true;
			}
		});
	}

	private static void atOnce(Stream<String> cases, SocketTest test) {
		cases.map((given) -> CompletableFuture.runAsync(() -> {
			try {
				test.run(given);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}, Thread::startVirtualThread)).toList().forEach(CompletableFuture::join);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void callerMayWaitLongerThanConnectionsMayIdle(boolean streamed) {
		akashGen.status(AkashGenDouble.row("pending", "").withFixedDelay(1000),
				AkashGenDouble.row("succeeded", AkashGenDouble.FILE).withFixedDelay(1000));
		try (RunningService hasty = RunningService.against(akashGen, "server.jetty.connection-idle-timeout=300ms",
				"STREAM_KEEP_ALIVE=off")) {
			HttpResponse<String> response = hasty
				.post("{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}],\"stream\":%s}".formatted(streamed));
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains("/images?id=" + AkashGenDouble.JOB)
				.endsWith(streamed ? "data: [DONE]\n\n" : "}");
		}
	}

	@Test
	void connectionThatIsIdleIsClosed() throws IOException {
		try (RunningService hasty = RunningService.against(akashGen, "server.jetty.connection-idle-timeout=300ms");
				Socket socket = connect(hasty)) {
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "33554432,100", "33554433,413" })
	void bodyMayHaveThirtyTwoMegabytes(int length, int status) throws IOException {
		try (Socket socket = connect(service)) {
			socket.getOutputStream()
				.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
						+ "Expect: 100-continue\r\nContent-Length: " + length + "\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
				.isEqualTo("HTTP/1.1 " + status);
		}
	}

	private static String exchange(String request) throws IOException {
		try (Socket socket = connect(service)) {
			socket.getOutputStream()
				.write((request.replace("\\r\\n", "\r\n") + "\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.UTF_8));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static String body(String answer) {
		return answer.substring(answer.indexOf("\r\n\r\n") + 4);
	}

	private static Socket connect(RunningService service) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort());
		socket.setSoTimeout(30_000);
		return socket;
	}

	private interface SocketTest {

		void run(String given) throws IOException;

	}

}
