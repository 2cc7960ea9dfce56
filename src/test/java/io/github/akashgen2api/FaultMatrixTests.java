package io.github.akashgen2api;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every fault of AkashGen's and of the network's, at every step. What is expected stands
 * in {@code fault-matrix.csv}; what was seen, in {@code target/fault-matrix.md}.
 */
class FaultMatrixTests {

	/** Longer than anything is waited for here. */
	private static final Duration HANG = Duration.ofSeconds(30);

	/** What is asked of AkashGen when it goes wrong. */
	private static final Map<String, BiConsumer<AkashGenDouble, ResponseDefinitionBuilder[]>> STEPS = Map.of("session",
			AkashGenDouble::session, "submit", AkashGenDouble::chat, "poll", AkashGenDouble::status, "image",
			AkashGenDouble::file);

	/** How it goes wrong. */
	private static final Map<String, ResponseDefinitionBuilder> FAULTS = Map.ofEntries(
			Map.entry("reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)),
			Map.entry("closed", aResponse().withFault(Fault.EMPTY_RESPONSE)),
			Map.entry("no http", aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE)),
			Map.entry("cut body", aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)),
			Map.entry("hang", aResponse().withFixedDelay((int) HANG.toMillis())),
			Map.entry("trickle",
					aResponse().withBody("x".repeat(1000)).withChunkedDribbleDelay(100, (int) HANG.toMillis())),
			Map.entry("endless", aResponse().withBody(new byte[2 * 1024 * 1024])),
			Map.entry("bomb",
					aResponse().withHeader("Content-Encoding", "gzip")
						.withBody(new byte[] { 0x1f, (byte) 0x8b, 8, 0 })),
			Map.entry("empty", aResponse()), Map.entry("garbage", aResponse().withBody("\0\1garbage{\"")),
			Map.entry("html", AkashGenDouble.html(200)), Map.entry("challenge", AkashGenDouble.html(403)),
			Map.entry("circle", AkashGenDouble.redirect(308, "/api/circle/")),
			Map.entry("elsewhere", AkashGenDouble.redirect(308, "http://example.com/")),
			Map.entry("400", AkashGenDouble.json(400, "{\"error\":\"no\"}")),
			Map.entry("401", AkashGenDouble.json(401, "{\"error\":\"no\"}")),
			Map.entry("403", AkashGenDouble.json(403, "{\"error\":\"Model not available\"}")),
			Map.entry("404", AkashGenDouble.json(404, "{\"error\":\"no\"}")),
			Map.entry("429",
					AkashGenDouble.json(429,
							"{\"error\":\"Rate limit exceeded\",\"resetTime\":\"2020-01-01T00:00:00Z\"}")),
			Map.entry("500", aResponse().withStatus(500)), Map.entry("502", AkashGenDouble.html(502)),
			Map.entry("503", AkashGenDouble.json(503, "{\"error\":\"no\"}")));

	/** Where it is asked for. */
	private static final Map<String, String> PATHS = Map.of("session", "/api/auth/session/", "submit", "/api/chat/",
			"poll", "/api/image-status/", "image", "/api/image/");

	/** Whose answer is the last one when the connection for a step is refused. */
	private static final Map<String, String> STEPS_BEFORE = Map.of("submit", "session", "poll", "submit", "image",
			"poll");

	/** What is told of the length of a body, by the true one. */
	private static final Map<String, IntFunction<String>> WRONG_LENGTHS = Map.of("length too large",
			(length) -> String.valueOf(2 * length), "length too small", (length) -> String.valueOf(length / 2),
			"length zero", (_) -> "0", "length twice", (length) -> length + ", " + length);

	private static final List<String> seen = new ArrayList<>();

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final FaultyRelay relay = new FaultyRelay(akashGen);

	private static final String[] SETTINGS = { "POLL_INTERVAL=20ms", "POLL_MAX_ATTEMPTS=3",
			"images.download-retries=1" };

	/** Where only a timeout ends what AkashGen does. */
	private static final Set<String> ENDLESS = Set.of("hang", "trickle");

	/** Each has a short timeout for one step, which is the one that goes wrong. */
	private static final Map<String, RunningService> impatient = new ConcurrentHashMap<>();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, SETTINGS);

	@RegisterExtension
	static final RunningService relayed = RunningService.against(relay.address(), SETTINGS);

	@ParameterizedTest(name = "{0}: {1}")
	@CsvFileSource(resources = "/fault-matrix.csv", numLinesToSkip = 1)
	void callerIsToldAndNothingIsAskedTwice(String step, String fault, int status, String code, int submits, int polls,
			int downloads) {
		RunningService asked = asked(step, fault);
		refuseSession(asked);
		bringAbout(fault, step);
		long start = System.nanoTime();
		HttpResponse<String> response = asked
			.post("{\"temperature\":1,\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}");
		Duration took = Duration.ofNanos(System.nanoTime() - start);
		JsonNode error = RunningService.json(response).path("error");
		List<Object> actual = List.of(response.statusCode(), error.path("code").asString("-"),
				akashGen.submits().size(), akashGen.polls(), akashGen.downloads());
		seen.add("| %s | %s | %s | %d | %s |".formatted(step, fault,
				actual.stream().map(String::valueOf).collect(Collectors.joining(" | ")), took.toMillis(),
				error.path("message").asString("-")));
		assertThat(actual.subList(0, 3)).containsExactly(status, code, submits);
		// The job of the case before may be looked at once more.
		assertThat(akashGen.polls()).isBetween(Math.min(1, polls), polls + 1);
		assertThat(akashGen.downloads()).isEqualTo(downloads);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://127.0.0.1:1", "http://nowhere.invalid" })
	void callerIsToldWhereNobodyListens(String address) {
		try (RunningService lonely = RunningService.against(akashGen, "AKASH_BASE_URL=" + address)) {
			HttpResponse<String> response = lonely.complete("fox");
			seen.add("| session | %s | %d | - | 0 | 0 | 0 | - | %s |".formatted(address, response.statusCode(),
					RunningService.json(response).get("error").asString()));
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(response.body()).startsWith("{\"error\":\"AkashGen cannot be reached\"");
		}
		assertThat(akashGen.requests()).isZero();
	}

	/**
	 * Of 15 MB, a connection holds a part; the rest waits for a caller who takes none.
	 */
	@Test
	void callerWhoDoesNotReadIsCutOffAndDelaysNobody() throws IOException {
		byte[] large = new byte[15 * 1024 * 1024];
		ByteBuffer.wrap(large)
			.order(ByteOrder.LITTLE_ENDIAN)
			.put("RIFF".getBytes(StandardCharsets.US_ASCII))
			.putInt(large.length - 8)
			.put("WEBPVP8 ".getBytes(StandardCharsets.US_ASCII));
		akashGen.pictureOf("large", large);
		try (RunningService strict = RunningService.against(akashGen, "server.jetty.connection-idle-timeout=1s");
				Socket idle = new Socket()) {
			idle.setReceiveBufferSize(4096);
			idle.connect(
					new InetSocketAddress(InetAddress.getLoopbackAddress(), URI.create(strict.origin()).getPort()));
			idle.getOutputStream()
				.write("GET /images?id=large HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(idle.getInputStream().read()).isEqualTo('H');
			assertThat(strict.complete("fox").statusCode()).isEqualTo(200);
			Awaitility.await().until(() -> strict.get("/ping").statusCode() == 200 && !strict.isConnected(idle));
			assertThat(lengthOf(idle.getInputStream())).isLessThan(large.length);
		}
	}

	private static long lengthOf(InputStream stream) {
		long length = 0;
		byte[] bytes = new byte[65536];
		try {
			for (int read = 0; read >= 0; read = stream.read(bytes)) {
				length += read;
			}
		}
		catch (IOException ex) {
			// Cut: what came has been counted.
		}
		return length;
	}

	private static void bringAbout(String fault, String step) {
		if (FAULTS.containsKey(fault)) {
			ResponseDefinitionBuilder[] answers = { FAULTS.get(fault) };
			STEPS.get(step).accept(akashGen, answers);
		}
		else if (WRONG_LENGTHS.containsKey(fault)) {
			relay.tellLength(PATHS.get(step), WRONG_LENGTHS.get(fault));
		}
		else if (STEPS_BEFORE.containsKey(step)) {
			relay.leaveAfter(PATHS.get(STEPS_BEFORE.get(step)));
		}
		else {
			relay.leave();
		}
	}

	private static RunningService asked(String step, String fault) {
		if (ENDLESS.contains(fault)) {
			return impatient.computeIfAbsent(step,
					(_) -> RunningService.against(akashGen,
							Stream.concat(Stream.of(SETTINGS), Stream.of("akash." + step + "-timeout=500ms"))
								.toArray(String[]::new)));
		}
		return FAULTS.containsKey(fault) ? service : relayed;
	}

	/**
	 * So that each case fetches one. A short timeout may keep a session from being
	 * fetched, and so from being refused.
	 */
	private static void refuseSession(RunningService service) {
		Awaitility.await().until(() -> {
			akashGen.reset();
			akashGen
				.chat(AkashGenDouble.json(403, "{\"success\":false,\"message\":\"Unauthorized: Invalid session\"}"));
			return service.complete("none").body().contains("refused two sessions");
		});
		akashGen.reset();
	}

	@AfterAll
	static void stopTheImpatient() {
		impatient.values().forEach(RunningService::close);
	}

	@AfterAll
	static void write() throws IOException {
		Files.write(Path.of("fault-matrix.md"),
				Stream.concat(Stream.of("| step | fault | status | code | submits | polls | downloads | ms | message |",
						"|---|---|---|---|---|---|---|---|---|"), seen.stream())
					.toList());
	}

}
