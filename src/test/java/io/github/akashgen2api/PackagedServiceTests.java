package io.github.akashgen2api;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.jar.JarFile;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;

import org.awaitility.Awaitility;
import org.awaitility.core.TerminalFailureException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What only a process of its own shows.
 */
class PackagedServiceTests {

	private static final Path JAR = Path.of("akashgen2api.jar");

	private static final int CALLERS = 2000;

	/** So that a slow machine has the time. */
	private static final String LONG_DRAIN = "SPRING_APPLICATION_JSON={\"shutdown\":{\"drain\":\"3m\"},"
			+ "\"spring\":{\"lifecycle\":{\"timeout-per-shutdown-phase\":\"200s\"}}}";

	private static final int JOBS = 200;

	private static final int KILLS = 1;

	private final StandInAkashGen akashGen = StandInAkashGen.begin(Duration.ofSeconds(5));

	@TempDir
	Path directory;

	@AfterEach
	void stop() {
		this.akashGen.close();
	}

	@Test
	void twoThousandCallersGetTheirPictureThoughTheServiceIsToldToStop() throws Exception {
		this.akashGen.hold(true);
		try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen, "POLL_MAX_ATTEMPTS=1000",
				"ANSWER_WITHIN=15m", "POLL_INTERVAL=2s", LONG_DRAIN)) {
			List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, CALLERS)
				.mapToObj((_) -> service.complete(body("a fox", true)))
				.toList();
			Awaitility.await().atMost(Duration.ofMinutes(10)).until(() -> {
				assertThat(waiting).filteredOn(CompletableFuture::isDone)
					.extracting((answer) -> answer.join().body())
					.isEmpty();
				return this.akashGen.jobs() == CALLERS;
			});
			assertThat(service.threads()).isLessThan(200);
			service.stop();
			int batches = this.akashGen.batches();
			Awaitility.await().until(() -> this.akashGen.batches() > batches + 2);
			this.akashGen.hold(false);
			assertThat(waiting.stream().map(CompletableFuture::join)).hasSize(CALLERS).allSatisfy((response) -> {
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(response.body()).contains("\"status\":\"completed\"");
			});
			assertThat(service.endsWithin(Duration.ofMinutes(4))).isTrue();
			assertThat(service.log()).contains("Graceful shutdown complete");
		}
	}

	/** Half of the callers know their jobs' ids; the others wait, and ask again. */
	@Test
	void twoHundredJobsAreNeitherLostNorBegunAgainThoughTheServiceIsKilled() throws Exception {
		List<String> told;
		this.akashGen.hold(true);
		try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen)) {
			List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, JOBS / 2)
				.mapToObj((i) -> service.complete(body("a cat, number " + i, true)))
				.toList();
			told = IntStream.range(0, JOBS / 2)
				.mapToObj((i) -> service.complete(body("a fox, number " + i, false)))
				.map(PackagedServiceTests::id)
				.toList();
			Awaitility.await().until(() -> this.akashGen.known() == JOBS);
			service.kill();
			assertThat(waiting).allSatisfy((answer) -> assertThat(answer).failsWithin(Duration.ofMinutes(1)));
		}
		for (int i = 0; i < KILLS; i++) {
			try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen)) {
				service.kill();
			}
		}
		this.akashGen.hold(false);
		try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen,
				"POLL_MAX_ATTEMPTS=60")) {
			List<String> taken = IntStream.range(0, JOBS / 2)
				.mapToObj((i) -> service.complete(body("a cat, number " + i, true)))
				.map(PackagedServiceTests::id)
				.toList();
			assertThat(taken).doesNotHaveDuplicates().doesNotContainAnyElementsOf(told);
			for (String id : told) {
				assertThat(service.get("/images?wait=30&id=" + id).body()).isEqualTo(AkashGenDouble.PICTURE);
			}
			assertThat(service.get("/images?id=" + taken.getLast()).body()).isEqualTo(AkashGenDouble.picture("cat"));
		}
		assertThat(this.akashGen.jobs()).isEqualTo(JOBS);
	}

	@Test
	void jobThatWasLeftIsCompletedWithItsWordsThoughTheServiceIsKilled() throws Exception {
		this.akashGen.hold(true);
		String id;
		try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen)) {
			HttpResponse<String> started = service
				.post("/v1/jobs", "{\"prompt\":\"a fox that was left\",\"metadata\":{\"a\":\"b\"}}")
				.get();
			assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
			id = RunningService.json(started).get("id").asString();
			Awaitility.await().until(() -> this.akashGen.known() == 1);
			service.kill();
		}
		this.akashGen.hold(false);
		try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen)) {
			Awaitility.await()
				.untilAsserted(
						() -> assertThat(new String(service.get("/v1/jobs/" + id).body(), StandardCharsets.UTF_8))
							.contains("\"status\":\"completed\"", "\"prompt\":\"a fox that was left\"",
									"\"metadata\":{\"a\":\"b\"}"));
		}
		assertThat(this.akashGen.jobs()).isEqualTo(1);
	}

	/**
	 * The beans that are chosen when the jar is built are wired by another context than
	 * the tests'.
	 */
	@Test
	void aWrongSettingIsReportedOnceAndInAFewLines() throws Exception {
		assertThatExceptionOfType(TerminalFailureException.class)
			.isThrownBy(() -> ServiceProcess.start(JAR, this.directory, this.akashGen, "POLL_INTERVAL=soon"))
			.withMessage("The service ended");
		assertThat(Files.readString(this.directory.resolve("log"))).contains("Starting AOT-processed")
			.containsOnlyOnce("POLL_INTERVAL is 'soon'")
			.doesNotContain("WARN", "\tat ");
	}

	/** As Kubernetes, linked containers and docker run's env files set it. */
	@Test
	void variablesOfOthersSetNothingAndMoreLogTellsNoSecret() throws Exception {
		try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen,
				"SERVER_PORT=tcp://10.0.0.1:80", "SERVER_PREFIX=/other", "AKASH_PORT=tcp://10.0.0.2:80",
				"IMAGES_PORT=tcp://10.0.0.3:80", "POLLING_INTERVAL=never", "IMAGES_STORE_DIR=elsewhere", "API_KEY='k'",
				"DEBUG=*", "TRACE=1", "LOGGING_LEVEL_WEB=debug", "LOGGING_LEVEL_ORG_ECLIPSE_JETTY=trace",
				"POLL_MAX_ATTEMPTS=60")) {
			assertThat(service.complete(body("a fox nobody hears of", true)).get().statusCode()).isEqualTo(200);
			assertThat(service.log()).contains("DEBUG").doesNotContain("nobody hears of", "Bearer k");
			assertThat(this.directory.resolve("elsewhere")).doesNotExist();
		}
	}

	@Test
	void noticesNameEachLibraryInTheJar() throws Exception {
		try (JarFile jar = new JarFile(JAR.toFile())) {
			List<String> libraries = jar.stream()
				.map(ZipEntry::getName)
				.filter((name) -> name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar"))
				.map((name) -> name.substring("BOOT-INF/lib/".length()))
				.filter((name) -> !name.startsWith("spring-boot-jarmode-tools"))
				.toList();
			assertThat(libraries).hasSizeGreaterThan(50);
			assertThat(text(jar, "META-INF/THIRD-PARTY.txt").lines()).containsAll(libraries);
			assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
		}
	}

	private static String text(JarFile jar, String entry) throws IOException {
		try (InputStream in = jar.getInputStream(jar.getJarEntry(entry))) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static String body(String prompt, boolean waitForImage) {
		return "{\"waitForImage\":" + waitForImage + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt
				+ "\"}]}";
	}

	private static String id(CompletableFuture<HttpResponse<String>> answer) {
		try {
			assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(200);
			return RunningService.json(answer.get()).get("id").asString();
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
