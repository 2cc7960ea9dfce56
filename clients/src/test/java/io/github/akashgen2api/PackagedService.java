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
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/**
 * The jar that is shipped, as a process of its own whose key is {@code k}, and the
 * stand-in AkashGen behind it: a picture takes it a third of a second, and a job that
 * takes longer than two is given up.
 */
final class PackagedService implements AutoCloseable {

	private static final Path JAR = Path.of("..", "..", "target", "akashgen2api.jar");

	private static final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final StandInAkashGen akashGen;

	private final String origin;

	private final Process process;

	private PackagedService(StandInAkashGen akashGen, String origin, Process process) {
		this.akashGen = akashGen;
		this.origin = origin;
		this.process = process;
	}

	/**
	 * The one that all tests share, which ends with them. As the service keeps in mind
	 * that AkashGen's allowance is used up, no test may use it up here.
	 */
	static PackagedService shared() {
		return Shared.SERVICE;
	}

	/**
	 * Another one that all tests share, for those that ask for {@code limit for hours}:
	 * AkashGen's allowance is used up here for three.
	 */
	static PackagedService usedUp() {
		return UsedUp.SERVICE;
	}

	/**
	 * Start another one.
	 * @param settings environment variables, as {@code NAME=value}
	 */
	static PackagedService with(String... settings) {
		StandInAkashGen akashGen = StandInAkashGen.begin(Duration.ofMillis(300));
		try {
			int port = freePort();
			PackagedService service = new PackagedService(akashGen, "http://127.0.0.1:" + port,
					process(port, akashGen, settings));
			service.awaitPing();
			return service;
		}
		catch (IOException ex) {
			akashGen.close();
			throw new IllegalStateException("Could not start " + JAR.toAbsolutePath().normalize(), ex);
		}
	}

	private static Process process(int port, StandInAkashGen akashGen, String... settings) throws IOException {
		if (!Files.exists(JAR)) {
			throw new IOException("It is not there: run ./mvnw verify before this");
		}
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				// It starts sooner so.
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", JAR.toString());
		builder.environment().put("PORT", String.valueOf(port));
		builder.environment().put("API_KEY", "k");
		builder.environment().put("AKASH_BASE_URL", akashGen.baseUrl());
		builder.environment().put("POLL_INTERVAL", "100ms");
		builder.environment().put("POLL_MAX_ATTEMPTS", "20");
		builder.environment().put("IMAGE_STORE_SIZE", "0B");
		// Tests ask for the same.
		builder.environment().put("ADOPT_WITHIN", "0s");
		builder.environment().put("JOB_STORE_DIR", "jobs-" + port);
		builder.environment().put("MODELS", "gpt-image-1,painter");
		Arrays.stream(settings)
			.map((setting) -> setting.split("=", 2))
			.forEach((setting) -> builder.environment().put(setting[0], setting[1]));
		return builder.redirectErrorStream(true)
			.redirectOutput(Path.of("packaged-service-" + port + ".log").toFile())
			.start();
	}

	/** Where it is, without a slash or {@code /v1} at the end. */
	String origin() {
		return this.origin;
	}

	/** How many pictures AkashGen was asked for and began to paint. */
	int jobs() {
		return this.akashGen.jobs();
	}

	/** How often AkashGen was asked for something, whatever came of it. */
	int asks() {
		return this.akashGen.asks();
	}

	/** What lies behind a link, which must not need a key. */
	static HttpResponse<byte[]> fetch(String url) {
		try {
			return client.send(HttpRequest.newBuilder(URI.create(url)).build(),
					HttpResponse.BodyHandlers.ofByteArray());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private void awaitPing() {
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.pollInterval(Duration.ofMillis(100))
			.failFast("The service ended", () -> !this.process.isAlive())
			.ignoreExceptionsMatching((ex) -> ex.getCause() instanceof ConnectException)
			.until(() -> fetch(this.origin + "/ping").statusCode() == 200);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.akashGen.close();
	}

	private static PackagedService untilTheEnd() {
		PackagedService service = with();
		Runtime.getRuntime().addShutdownHook(new Thread(service::close));
		return service;
	}

	private static final class Shared {

		static final PackagedService SERVICE = untilTheEnd();

	}

	private static final class UsedUp {

		static final PackagedService SERVICE = untilTheEnd();

	}

}
