package io.github.akashgen2api;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests of many megabytes: what is accepted, what AkashGen receives, and how the rest
 * is refused.
 */
class LargeBodyTests {

	private static final int MEGABYTE = 1024 * 1024;

	private static final String TOO_LARGE = "The request body is larger than 4 MB";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "bodies.limit=4MB",
			"POLL_MAX_ATTEMPTS=100000");

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void imagesInPartsAreSkipped(boolean chunked) throws Exception {
		String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}".formatted(dataUrl(MEGABYTE));
		String body = """
				{"messages":[{"role":"user","content":[%s,{"type":"text","text":"a fox"}]},
				{"role":"assistant","content":[{"type":"text","text":"here"},%s]},
				{"role":"user","content":[%s,{"type":"text","text":"now make it blue"}]}]}""".formatted(image, image,
				image);
		assertThat(send("/v1/chat/completions", body, chunked).statusCode()).isEqualTo(200);
		assertThat(submitted()).isEqualTo("user: a fox, assistant: here, user: now make it blue");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "\\/", "\\u002B" })
	void imagesInMarkdownAreSkipped(String slash) throws Exception {
		String image = "![a](" + dataUrl(100).replace("=", (slash + "AAAA").repeat(MEGABYTE / 8)) + ")";
		String body = """
				{"messages":[{"role":"user","content":"a fox"},
				{"role":"assistant","content":"%s\\n\\nA red fox%s"},
				{"role":"user","content":"now make it blue"}]}""".formatted(image, image);
		assertThat(send("/v1/chat/completions", body, false).statusCode()).isEqualTo(200);
		assertThat(submitted()).isEqualTo("user: a fox, assistant: A red fox, user: now make it blue");
	}

	@Test
	void longTextOfAnOldMessageIsSkipped() throws Exception {
		String body = """
				{"messages":[{"role":"system","content":"%s"},{"role":"user","content":"%s"},
				{"role":"user","content":"a fox"},{"role":"assistant","content":"here"},
				{"role":"user","content":"now make it blue"}],"metadata":"%s"}""".formatted("a".repeat(MEGABYTE),
				"狐".repeat(MEGABYTE / 3), "b".repeat(MEGABYTE));
		assertThat(send("/v1/chat/completions", body, false).statusCode()).isEqualTo(200);
		assertThat(submitted()).isEqualTo("user: a fox, assistant: here, user: now make it blue");
	}

	@Test
	void textThatIsTooLongIsRefusedNamingTheField() throws Exception {
		String text = "a".repeat(100_001);
		for (String content : new String[] { "\"" + text + text + "\"", "[\"%s\",\"%s\"]".formatted(text, text) }) {
			HttpResponse<String> response = send("/v1/chat/completions",
					"{\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":%s}]}"
						.formatted(content),
					false);
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(response.body()).contains("messages[1].content is longer than 200,000 characters");
		}
		assertThat(akashGen.submits()).isEmpty();
	}

	@Test
	void bodyWithTooManyValuesIsRefusedNamingFieldAndLimit() throws Exception {
		for (String messages : new String[] { "[" + "{},".repeat(500_000) + "{}]",
				"[{\"role\":\"user\",\"content\":[" + "\"a\",".repeat(500_000) + "\"b\"]}]" }) {
			HttpResponse<String> response = send("/v1/chat/completions", "{\"messages\":" + messages + "}", false);
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(RunningService.json(response).get("error").asString())
				.matches("messages\\S* must not be in a request that holds more than 50,000 values");
		}
		HttpResponse<String> response = send("/v1/chat/completions",
				"{\"model\":" + "[".repeat(1000) + "]".repeat(1000) + "}", false);
		assertThat(response.body()).contains("model must be a string");
		response = send("/v1/images/generations", "{\"prompt\":\"fox\",\"n\":" + "7".repeat(2000) + "}", false);
		assertThat(response.body()).contains("n must be a number of at most 40 digits");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tools", "metadata", "logit_bias", "response_format", "functions" })
	void unknownFieldMayContainAnything(String field) throws Exception {
		String name = "\"" + "n".repeat(1000) + "\"";
		for (String value : new String[] { "[" + "1,".repeat(100_000) + "1]", "{" + name + ":{" + name + ":1}}",
				"{" + "\"a\":1,".repeat(100_000) + "\"a\":2}", "[".repeat(5000) + "]".repeat(5000), "7".repeat(5000),
				"1e999999999", "\"" + "x".repeat(300_000) + "\"", "NaN" }) {
			String message = "{\"role\":\"user\",\"%s\":%s,\"content\":[{\"type\":\"text\",\"%s\":%s,\"text\":\"fox\"}]}"
				.formatted(field, value, field, value);
			String body = "{\"%s\":%s,\"messages\":[%s],\"%s\":%s}".formatted(field, value, message, field, value);
			assertThat(send("/v1/chat/completions", body, false).statusCode()).isEqualTo(200);
			assertThat(submitted()).isEqualTo("user: fox");
		}
		assertThat(send("/v1/chat/completions",
				"{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]"
						+ (",\"" + field + "\":1,\"" + field + "2\":[]").repeat(50_000) + "}",
				true)
			.statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "x-gzip", "GZIP", "identity, gzip" })
	void compressedBodyIsDecoded(String coding) throws Exception {
		byte[] body = gzip(
				"{\"messages\":[{\"role\":\"user\",\"content\":\"a fox 狐\"}]}".getBytes(StandardCharsets.UTF_8));
		assertThat(sendCoded("/v1/chat/completions", coding, body).statusCode()).isEqualTo(200);
		assertThat(submitted()).isEqualTo("user: a fox 狐");
		byte[] image = gzip("{\"prompt\":\"a fox\"}".getBytes(StandardCharsets.UTF_8));
		assertThat(sendCoded("/v1/images/generations", coding, image).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "identity", " ", "identity, identity" })
	void identityCodingIsAccepted(String coding) throws Exception {
		byte[] body = "{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}".getBytes(StandardCharsets.UTF_8);
		assertThat(sendCoded("/v1/chat/completions", coding, body).statusCode()).isEqualTo(200);
	}

	@Test
	void compressedBodyIsLimitedWhileDecoded() throws Exception {
		byte[] large = new byte[5 * MEGABYTE];
		Arrays.fill(large, (byte) ' ');
		HttpResponse<String> response = sendCoded("/v1/chat/completions", "gzip", gzip(large));
		assertThat(response.statusCode()).isEqualTo(413);
		assertThat(response.body()).contains(TOO_LARGE);
		String completion = "{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}";
		byte[] fits = gzip((completion + " ".repeat(3 * MEGABYTE)).getBytes(StandardCharsets.UTF_8));
		assertThat(sendCoded("/v1/chat/completions", "gzip", fits).statusCode()).isEqualTo(200);
		byte[] takesATurn = gzip((completion + " ".repeat(MEGABYTE)).getBytes(StandardCharsets.UTF_8));
		for (int i = 0; i < 20; i++) {
			assertThat(sendCoded("/v1/chat/completions", "gzip", takesATurn).statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "deflate", "br", "zstd", "compress", "gzip, gzip", "gzip, br", "nonsense" })
	void otherCodingIsRefusedNamingGzip(String coding) throws Exception {
		HttpResponse<String> response = sendCoded("/v1/chat/completions", coding, new byte[] { 1, 2, 3 });
		assertThat(response.statusCode()).isEqualTo(415);
		assertThat(response.headers().firstValue("Accept-Encoding")).hasValue("gzip");
		assertThat(response.body()).contains("Content-Encoding must be gzip or omitted, but is '" + coding + "'");
		assertThat(akashGen.submits()).isEmpty();
	}

	@Test
	void invalidGzipIsRefused() throws Exception {
		byte[] whole = gzip(
				"{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}".getBytes(StandardCharsets.UTF_8));
		byte[] cut = Arrays.copyOf(whole, whole.length / 2);
		byte[] changed = whole.clone();
		changed[whole.length - 6] ^= 1;
		byte[] plain = "{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}".getBytes(StandardCharsets.UTF_8);
		for (byte[] body : new byte[][] { cut, changed, plain, { 0x1f } }) {
			HttpResponse<String> response = sendCoded("/v1/chat/completions", "gzip", body);
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(response.body())
				.contains("The request body is not valid gzip, although Content-Encoding says so");
		}
		assertThat(akashGen.submits()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "ISO-8859-1, byte 43 is 0xE9", "UTF-16, byte 1 is 0xFE", "UTF-16LE, byte 2 is 0x00" })
	void otherCharsetIsRefusedNamingTheByte(String charset, String place) throws Exception {
		String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"café\"}]}";
		HttpResponse<String> response = sendCoded("/v1/chat/completions", "identity",
				body.getBytes(Charset.forName(charset)));
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).get("error").asString())
			.startsWith("The request body is not UTF-8 (" + place);
		assertThat(akashGen.submits()).isEmpty();
	}

	private HttpResponse<String> sendCoded(String path, String coding, byte[] body)
			throws IOException, InterruptedException {
		return this.client.send(HttpRequest.newBuilder(URI.create(service.origin() + path))
			.header("Authorization", "Bearer k")
			.header("Content-Encoding", coding)
			.timeout(Duration.ofMinutes(1))
			.POST(HttpRequest.BodyPublishers.ofByteArray(body))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static byte[] gzip(byte[] body) throws IOException {
		ByteArrayOutputStream compressed = new ByteArrayOutputStream();
		try (OutputStream gzip = new GZIPOutputStream(compressed)) {
			gzip.write(body);
		}
		return compressed.toByteArray();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bodyThatIsTooLargeIsRefused(boolean chunked) throws Exception {
		String inString = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "a".repeat(5 * MEGABYTE) + "\"}]}";
		String inPart = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\""
				+ dataUrl(5 * MEGABYTE) + "\"}}]}]}";
		for (String body : new String[] { inString, inPart, " ".repeat(5 * MEGABYTE) }) {
			HttpResponse<String> response = send("/v1/chat/completions", body, chunked);
			assertThat(response.statusCode()).isEqualTo(413);
			assertThat(response.body()).contains(TOO_LARGE);
		}
		assertThat(send("/v1/chat/completions",
				"{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}" + " ".repeat(MEGABYTE), chunked)
			.statusCode()).isEqualTo(200);
	}

	@Test
	void invalidBodyReleasesItsPermit() throws Exception {
		for (int i = 0; i < 20; i++) {
			assertThat(
					send("/v1/chat/completions", "{\"messages\":[" + " ".repeat(MEGABYTE) + "!]}", true).statusCode())
				.isEqualTo(400);
		}
		for (int i = 0; i < 20; i++) {
			try (Socket socket = connect()) {
				socket.getOutputStream().write(head("Content-Length: 4000000"));
				socket.getOutputStream().write(new byte[100]);
			}
		}
		assertThat(send("/v1/chat/completions",
				"{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}" + " ".repeat(MEGABYTE), true)
			.statusCode()).isEqualTo(200);
	}

	@Test
	void permitIsReleasedBeforeTheImageIsFinished() throws Exception {
		String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}" + " ".repeat(MEGABYTE);
		akashGen.status(AkashGenDouble.row("pending", ""));
		Thread succeed = Thread.startVirtualThread(() -> {
			Awaitility.await().until(() -> service.waiting() == 32);
			akashGen.status(AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		});
		assertThat(RunningService.atOnce(32, () -> send("/v1/chat/completions", body, false).statusCode()))
			.containsOnly(200);
		succeed.join();
	}

	@ParameterizedTest
	@CsvSource({ "/v1/chat/completions,k,5000000,413", "/v1/chat/completions,k,6000000,413",
			"/v1/chat/completions,wrong,65536,401", "/nothing,wrong,65536,404" })
	void refusalIsReadableAfterTheWholeUpload(String path, String key, int length, int status) throws Exception {
		for (boolean chunked : new boolean[] { false, true }) {
			byte[] body = " ".repeat(length).getBytes(StandardCharsets.US_ASCII);
			HttpResponse<String> response = this.client.send(HttpRequest.newBuilder(URI.create(service.origin() + path))
				.header("Authorization", "Bearer " + key)
				.POST(chunked ? HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
						: HttpRequest.BodyPublishers.ofByteArray(body))
				.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(status);
		}
	}

	@ParameterizedTest
	@CsvSource({ "k,6000000,", "k,7000000,close", "wrong,65536,", "wrong,65537,close" })
	void answerAnnouncesAClosedConnection(String key, int length, String connection) throws Exception {
		try (Socket socket = connect()) {
			socket.getOutputStream()
				.write("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
					.formatted(key, length)
					.getBytes(StandardCharsets.US_ASCII));
			String head = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
				.lines()
				.takeWhile((line) -> !line.isEmpty())
				.collect(Collectors.joining("\n"));
			assertThat(head.contains("Connection: close")).isEqualTo(connection != null);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Authorization: Bearer k", "Authorization: Bearer wrong" })
	void clientThatExpectsContinueIsRefusedBeforeItSends(String authorization) throws Exception {
		try (Socket socket = connect()) {
			socket.getOutputStream()
				.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + authorization
						+ "\r\nContent-Length: 5000000\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith(authorization.endsWith("k") ? "HTTP/1.1 413 " : "HTTP/1.1 401 ");
		}
	}

	@Test
	void clientThatExpectsContinueIsToldToContinue() throws Exception {
		String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}";
		HttpResponse<String> response = this.client
			.send(HttpRequest.newBuilder(URI.create(service.origin() + "/v1/chat/completions"))
				.header("Authorization", "Bearer k")
				.expectContinue(true)
				.POST(HttpRequest.BodyPublishers.ofString(body))
				.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
	}

	@Test
	void connectionStaysOpenAfterARefusalWithoutKey() throws Exception {
		try (Socket socket = connect()) {
			socket.getOutputStream()
				.write("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			socket.getOutputStream().write(new byte[64 * 1024]);
			socket.getOutputStream()
				.write("GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith("HTTP/1.1 401 ")
				.endsWith("pong");
		}
	}

	private HttpResponse<String> send(String path, String body, boolean chunked)
			throws IOException, InterruptedException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		InputStream stream = new ByteArrayInputStream(bytes);
		return this.client.send(HttpRequest.newBuilder(URI.create(service.origin() + path))
			.header("Authorization", "Bearer k")
			.header("Content-Type", "application/json")
			.timeout(Duration.ofMinutes(1))
			.POST(chunked ? HttpRequest.BodyPublishers.ofInputStream(() -> stream)
					: HttpRequest.BodyPublishers.ofByteArray(bytes))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort());
		socket.setSoTimeout(30_000);
		return socket;
	}

	private static byte[] head(String header) {
		return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n%s\r\n\r\n"
			.formatted(header)
			.getBytes(StandardCharsets.US_ASCII);
	}

	private static String dataUrl(int length) {
		char[] base64 = new char[length];
		Arrays.fill(base64, 'A');
		return "data:image/png;base64," + new String(base64) + "=";
	}

	private static String submitted() {
		LoggedRequest submit = akashGen.submits().getLast();
		JsonNode messages = RunningService.JSON.readTree(submit.getBodyAsString()).get("messages");
		return String.join(", ",
				messages.valueStream()
					.map((message) -> message.get("role").asString() + ": " + message.get("content").asString())
					.toList());
	}

}
