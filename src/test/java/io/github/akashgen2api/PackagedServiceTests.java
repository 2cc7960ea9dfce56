package io.github.akashgen2api;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The jar that is shipped, as a process of its own: what only that shows.
 */
class PackagedServiceTests {

	private static final int CALLERS = 2000;

	private final StandInAkashGen akashGen = StandInAkashGen.begin(Duration.ofSeconds(5));

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.executor(Executors.newVirtualThreadPerTaskExecutor())
		.build();

	private Process service;

	private String origin;

	@BeforeEach
	void start() throws IOException {
		int port = freePort();
		this.origin = "http://127.0.0.1:" + port;
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-jar", "akashgen2api.jar");
		builder.environment().put("PORT", String.valueOf(port));
		builder.environment().put("API_KEY", "k");
		builder.environment().put("AKASH_BASE_URL", this.akashGen.baseUrl());
		builder.environment().put("POLL_MAX_ATTEMPTS", "60");
		builder.environment().put("POLL_INTERVAL", "2s");
		this.service = builder.redirectErrorStream(true)
			.redirectOutput(Path.of("packaged-service.log").toFile())
			.start();
		Awaitility.await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> ping() == 200);
	}

	@AfterEach
	void stop() {
		this.service.destroyForcibly();
		this.akashGen.close();
	}

	@Test
	void twoThousandCallersGetTheirPictureThoughTheServiceIsToldToStop() throws Exception {
		List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, CALLERS)
			.mapToObj((_) -> this.client.sendAsync(completion(), HttpResponse.BodyHandlers.ofString()))
			.toList();
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.akashGen.jobs() == CALLERS);
		assertThat(threads()).isLessThan(200);
		int batches = this.akashGen.batches();
		this.service.destroy();
		assertThat(waiting.stream().map(CompletableFuture::join)).hasSize(CALLERS).allSatisfy((response) -> {
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains("\"status\":\"completed\"");
		});
		assertThat(this.akashGen.batches()).isGreaterThan(batches + 2);
		assertThat(this.service.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(Files.readString(Path.of("packaged-service.log"))).contains("Graceful shutdown complete");
	}

	private HttpRequest completion() {
		return HttpRequest.newBuilder(URI.create(this.origin + "/v1/chat/completions"))
			.header("Authorization", "Bearer k")
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"messages\":[{\"role\":\"user\",\"content\":\"a fox\"}]}"))
			.build();
	}

	private int ping() throws IOException, InterruptedException {
		return this.client
			.send(HttpRequest.newBuilder(URI.create(this.origin + "/ping")).build(),
					HttpResponse.BodyHandlers.discarding())
			.statusCode();
	}

	/** Linux shows a process's threads here; those that are virtual are none of its. */
	private long threads() throws IOException {
		try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(this.service.pid()), "task"))) {
			return tasks.count();
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
