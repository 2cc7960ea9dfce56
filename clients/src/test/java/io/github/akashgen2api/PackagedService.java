package io.github.akashgen2api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The jar that is shipped, as a process of its own whose key is {@code k}, and the
 * stand-in AkashGen behind it: a picture takes it a third of a second, and a job that
 * takes longer than two is given up.
 */
final class PackagedService implements AutoCloseable {

	private static final Path JAR = Path.of("..", "..", "target", "akashgen2api.jar");

	private static final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final StandInAkashGen akashGen;

	private final ServiceProcess process;

	private PackagedService(StandInAkashGen akashGen, ServiceProcess process) {
		this.akashGen = akashGen;
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
		// The same may be asked for again and again by tests.
		Stream<String> usual = Stream.of("POLL_INTERVAL=100ms", "POLL_MAX_ATTEMPTS=20", "IMAGE_STORE_SIZE=0B",
				"ADOPT_WITHIN=0s", "MODELS=gpt-image-1,painter",
				// So that a busy machine answers AkashGen's refusals with their status.
				"SPRING_APPLICATION_JSON={\"openai\":{\"stream\":{\"response-start-delay\":\"30s\"}}}");
		try {
			Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "packaged-service-");
			return new PackagedService(akashGen, ServiceProcess.start(JAR, directory, akashGen,
					Stream.concat(usual, Stream.of(settings)).toArray(String[]::new)));
		}
		catch (IOException ex) {
			akashGen.close();
			throw new IllegalStateException("Could not start " + JAR + ": run ./mvnw verify before this", ex);
		}
	}

	/** Where it is, without a slash or {@code /v1} at the end. */
	String origin() {
		return this.process.origin();
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

	@Override
	public void close() {
		this.process.close();
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
