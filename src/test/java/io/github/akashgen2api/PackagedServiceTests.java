package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

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

	private static final int JOBS = 200;

	private static final int KILLS = 3;

	private final StandInAkashGen akashGen = StandInAkashGen.begin(Duration.ofSeconds(5));

	@TempDir
	Path directory;

	@AfterEach
	void stop() {
		this.akashGen.close();
	}

	@Test
	void twoThousandCallersGetTheirPictureThoughTheServiceIsToldToStop() throws Exception {
		try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen, "POLL_MAX_ATTEMPTS=60",
				"POLL_INTERVAL=2s")) {
			List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, CALLERS)
				.mapToObj((_) -> service.complete(body("a fox", true)))
				.toList();
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.akashGen.jobs() == CALLERS);
			assertThat(service.threads()).isLessThan(200);
			int batches = this.akashGen.batches();
			service.stop();
			assertThat(waiting.stream().map(CompletableFuture::join)).hasSize(CALLERS).allSatisfy((response) -> {
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(response.body()).contains("\"status\":\"completed\"");
			});
			assertThat(this.akashGen.batches()).isGreaterThan(batches + 2);
			assertThat(service.endsWithin(Duration.ofMinutes(1))).isTrue();
			assertThat(service.log()).contains("Graceful shutdown complete");
		}
	}

	/** Half of the callers know their jobs' ids; the others wait, and ask again. */
	@Test
	void twoHundredJobsAreNeitherLostNorBegunAgainThoughTheServiceIsKilled() throws Exception {
		List<String> told;
		try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen)) {
			List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, JOBS / 2)
				.mapToObj((i) -> service.complete(body("a cat, number " + i, true)))
				.toList();
			told = IntStream.range(0, JOBS / 2)
				.mapToObj((i) -> service.complete(body("a fox, number " + i, false)))
				.map(PackagedServiceTests::id)
				.toList();
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.akashGen.known() == JOBS);
			service.kill();
			assertThat(waiting).allSatisfy((answer) -> assertThat(answer).failsWithin(Duration.ofSeconds(10)));
		}
		for (int i = 0; i < KILLS; i++) {
			try (ServiceProcess service = ServiceProcess.start(JAR, this.directory, this.akashGen)) {
				service.kill();
			}
		}
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
