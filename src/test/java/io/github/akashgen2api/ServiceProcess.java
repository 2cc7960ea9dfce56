package io.github.akashgen2api;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * The jar that is shipped, as a process of its own in a directory of its own, and callers
 * who hold its key.
 */
final class ServiceProcess implements AutoCloseable {

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.executor(Executors.newVirtualThreadPerTaskExecutor())
		.build();

	private final Path directory;

	private final Process process;

	private final String origin;

	private ServiceProcess(Path directory, Process process, String origin) {
		this.directory = directory;
		this.process = process;
		this.origin = origin;
	}

	/**
	 * Start one, and wait until it answers.
	 * @param directory where it runs; its jobs, its pictures and its log are below
	 * @param settings environment variables, as {@code NAME=value}
	 */
	static ServiceProcess start(Path jar, Path directory, StandInAkashGen akashGen, String... settings)
			throws IOException {
		int port = freePort();
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				// As jvm.options has it, but for the memory and the cache.
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dspring.aot.enabled=true", "-jar",
				jar.toRealPath().toString())
			.directory(directory.toFile());
		Stream
			.concat(Stream.of("PORT=" + port, "API_KEY=k", "AKASH_BASE_URL=" + akashGen.baseUrl()), Stream.of(settings))
			.map((setting) -> setting.split("=", 2))
			.forEach((setting) -> builder.environment().put(setting[0], setting[1]));
		Process process = builder.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
			.start();
		ServiceProcess service = new ServiceProcess(directory, process, "http://127.0.0.1:" + port);
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.failFast("The service ended", () -> !process.isAlive())
			.ignoreExceptionsMatching((ex) -> ex instanceof ConnectException)
			.until(() -> service.get("/ping").statusCode() == 200);
		return service;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/** Where it is, without a slash at the end. */
	String origin() {
		return this.origin;
	}

	CompletableFuture<HttpResponse<String>> complete(String body) {
		return post("/v1/chat/completions", body);
	}

	CompletableFuture<HttpResponse<String>> post(String path, String body) {
		return this.client.sendAsync(HttpRequest.newBuilder(URI.create(this.origin + path))
			.header("Authorization", "Bearer k")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
		return this.client.send(
				HttpRequest.newBuilder(URI.create(this.origin + path)).header("Authorization", "Bearer k").build(),
				HttpResponse.BodyHandlers.ofByteArray());
	}

	/** Linux shows a process's threads here; those that are virtual are none of its. */
	long threads() throws IOException {
		try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(this.process.pid()), "task"))) {
			return tasks.count();
		}
	}

	String log() throws IOException {
		return Files.readString(this.directory.resolve("log"));
	}

	/** Tell it to stop. */
	void stop() {
		this.process.destroy();
	}

	/** As {@code kill -9} does. */
	void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	boolean endsWithin(Duration time) throws InterruptedException {
		return this.process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void close() {
		kill();
		this.client.close();
	}

}
