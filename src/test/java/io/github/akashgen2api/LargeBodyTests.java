package io.github.akashgen2api;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests of many megabytes: what is taken, what of it reaches AkashGen, and what is
 * said of too much.
 */
class LargeBodyTests {

	private static final int MEGABYTE = 1024 * 1024;

	private static final String TOO_LARGE = "The request body is larger than 32 MB";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen);

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void historyWithPicturesAsPartsIsTakenWithoutThem(boolean chunked) throws Exception {
		String picture = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}".formatted(dataUrl(10 * MEGABYTE));
		String body = """
				{"messages":[{"role":"user","content":[%s,{"type":"text","text":"a fox"}]},
				{"role":"assistant","content":[{"type":"text","text":"here"},%s]},
				{"role":"user","content":[%s,{"type":"text","text":"now make it blue"}]}]}""".formatted(picture,
				picture, picture);
		assertThat(send("/v1/chat/completions", body, chunked).statusCode()).isEqualTo(200);
		assertThat(submitted()).isEqualTo("user: a fox, assistant: here, user: now make it blue");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "\\/", "\\u002B" })
	void historyWithPicturesInMarkdownIsTakenWithoutThem(String slash) throws Exception {
		String picture = "![a](" + dataUrl(100).replace("=", (slash + "AAAA").repeat(MEGABYTE)) + ")";
		String body = """
				{"messages":[{"role":"user","content":"a fox"},
				{"role":"assistant","content":"%s\\n\\nA red fox%s"},
				{"role":"user","content":"now make it blue"}]}""".formatted(picture, picture);
		assertThat(send("/v1/chat/completions", body, false).statusCode()).isEqualTo(200);
		assertThat(submitted()).isEqualTo("user: a fox, assistant: A red fox, user: now make it blue");
	}

	@Test
	void historyWithLongTextLongAgoIsTaken() throws Exception {
		String body = """
				{"messages":[{"role":"system","content":"%s"},{"role":"user","content":"%s"},
				{"role":"user","content":"a fox"},{"role":"assistant","content":"here"},
				{"role":"user","content":"now make it blue"}],"metadata":"%s"}""".formatted("a".repeat(10 * MEGABYTE),
				"狐".repeat(3 * MEGABYTE), "b".repeat(10 * MEGABYTE));
		assertThat(send("/v1/chat/completions", body, false).statusCode()).isEqualTo(200);
		assertThat(submitted()).isEqualTo("user: a fox, assistant: here, user: now make it blue");
	}

	@Test
	void textThatIsLongerThanIsReadIsRefusedNamingIt() throws Exception {
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
	void bodyOfTooManyValuesIsRefused() throws Exception {
		for (String body : new String[] { "{\"messages\":[" + "{},".repeat(500_000) + "{}]}",
				"{\"tools\":[" + "1,".repeat(500_000) + "1]}" }) {
			HttpResponse<String> response = send("/v1/chat/completions", body, false);
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(response.body()).contains("The request body is too deep or holds too much");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bodyThatIsTooLargeIsRefusedAndTheServiceGoesOn(boolean chunked) throws Exception {
		String inString = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "a".repeat(33 * MEGABYTE) + "\"}]}";
		String inPart = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\""
				+ dataUrl(40 * MEGABYTE) + "\"}}]}]}";
		for (String body : new String[] { inString, inPart, " ".repeat(33 * MEGABYTE) }) {
			HttpResponse<String> response = send("/v1/chat/completions", body, chunked);
			assertThat(response.statusCode()).isEqualTo(413);
			assertThat(response.body()).contains(TOO_LARGE);
		}
		assertThat(send("/v1/chat/completions",
				"{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}" + " ".repeat(2 * MEGABYTE), chunked)
			.statusCode()).isEqualTo(200);
	}

	@Test
	void bodyThatIsBrokenGivesItsTurnBack() throws Exception {
		for (int i = 0; i < 20; i++) {
			assertThat(send("/v1/chat/completions", "{\"messages\":[" + " ".repeat(2 * MEGABYTE) + "!]}", true)
				.statusCode()).isEqualTo(400);
		}
		for (int i = 0; i < 20; i++) {
			try (Socket socket = connect()) {
				socket.getOutputStream().write(head("Content-Length: 30000000"));
				socket.getOutputStream().write(new byte[100]);
			}
		}
		assertThat(send("/v1/chat/completions",
				"{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}" + " ".repeat(2 * MEGABYTE), true)
			.statusCode()).isEqualTo(200);
	}

	@Test
	void turnIsNotHeldWhileThePictureIsAwaited() throws Exception {
		String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}" + " ".repeat(2 * MEGABYTE);
		akashGen.status(AkashGenDouble.row("pending", "").withFixedDelay(200),
				AkashGenDouble.row("succeeded", AkashGenDouble.FILE).withFixedDelay(2000));
		assertThat(RunningService.atOnce(32, () -> send("/v1/chat/completions", body, false).statusCode()))
			.containsOnly(200);
	}

	@ParameterizedTest
	@CsvSource({ "/v1/chat/completions,k,40000000,413", "/v1/chat/completions,k,48000000,413",
			"/v1/chat/completions,wrong,65536,401", "/nothing,wrong,65536,404" })
	void refusalOfAnUploadReachesItsSender(String path, String key, int length, int status) throws Exception {
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
	@CsvSource({ "k,48000000,", "k,60000000,close", "wrong,65536,", "wrong,65537,close" })
	void answerSaysWhetherTheConnectionIsClosed(String key, int length, String connection) throws Exception {
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
	void senderWhoAsksFirstIsRefusedBeforeHeSends(String authorization) throws Exception {
		try (Socket socket = connect()) {
			socket.getOutputStream()
				.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + authorization
						+ "\r\nContent-Length: 40000000\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith(authorization.endsWith("k") ? "HTTP/1.1 413 " : "HTTP/1.1 401 ");
		}
	}

	@Test
	void senderWhoAsksFirstIsToldToGoOn() throws Exception {
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
	void connectionIsOfUseAfterARefusalForWantOfKey() throws Exception {
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
