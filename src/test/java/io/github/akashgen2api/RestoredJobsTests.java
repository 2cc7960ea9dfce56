package io.github.akashgen2api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of the jobs of a process that ended: one of them may have ended it.
 */
class RestoredJobsTests {

	private static final List<String> JOBS = List.of("job-a", "job-b", "job-c");

	private static final Pattern JOB_ID = Pattern.compile("job_[0-9a-f]{32}");

	private static final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

	private final HeldAkashGen akashGen = new HeldAkashGen();

	@TempDir
	Path directory;

	@AfterEach
	void stop() {
		this.akashGen.close();
	}

	@Test
	void jobsOfTheLastProcessAreAskedForAloneFirst() {
		begin();
		try (RunningService _ = service("jobs")) {
			HeldAkashGen.soon().until(() -> this.akashGen.asked().size() > 6);
			assertThat(this.akashGen.asked().subList(0, 3)).containsExactlyInAnyOrderElementsOf(JOBS);
		}
	}

	@Test
	void jobDuringWhosePollAProcessEndedIsGivenUpAndTheOthersAreNot() throws IOException {
		begin();
		this.akashGen.hold("job-b");
		try (RunningService _ = service("jobs")) {
			HeldAkashGen.soon().until(() -> text("jobs").contains("\"suspicion\":2"));
			HeldAkashGen.soon().until(() -> this.akashGen.asked().contains("job-c"));
			copyAsIfKilled();
		}
		this.akashGen.forgetQuestions();
		this.akashGen.status("succeeded");
		try (RunningService service = service("killed")) {
			assertThat(service.get("/images?wait=30&id=job-a").statusCode()).isEqualTo(200);
			assertThat(service.get("/images?wait=30&id=job-c").statusCode()).isEqualTo(200);
			HttpResponse<String> lost = ask(service, "b");
			assertThat(lost.statusCode()).isEqualTo(502);
			assertThat(lost.body())
				.contains("The service ended twice while it asked AkashGen for this job, and has given it up");
			assertThat(service.get("/images?id=job-b").statusCode()).isEqualTo(502);
			assertThat(this.akashGen.asked()).isNotEmpty().noneMatch((ids) -> ids.contains("job-b"));
		}
		try (RunningService service = service("killed")) {
			assertThat(ask(service, "b").statusCode()).isEqualTo(502);
			assertThat(this.akashGen.asked()).noneMatch((ids) -> ids.contains("job-b"));
		}
	}

	@Test
	void submitDuringWhichAProcessEndedIsNotRepeated() throws IOException {
		try (RunningService service = service("jobs")) {
			CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(() -> ask(service, "fox"),
					threads);
			HeldAkashGen.soon().until(() -> this.akashGen.underWay() == 1);
			copyAsIfKilled();
			this.akashGen.take(1);
			assertThat(first.join().statusCode()).isEqualTo(200);
		}
		try (RunningService service = service("killed")) {
			HttpResponse<String> answer = ask(service, "fox");
			assertThat(answer.statusCode()).isEqualTo(502);
			assertThat(answer.body()).isEqualTo(
					"{\"error\":\"The service ended while it submitted this image, and whether AkashGen started a job is not known\"}");
			assertThat(answer.headers().firstValue("X-Should-Retry")).hasValue("false");
			assertThat(this.akashGen.prompts()).containsOnlyOnce("fox");
		}
	}

	@Test
	void jobThatWaitedInTheQueueIsSubmittedByTheNextProcess() throws IOException {
		try (RunningService service = service("jobs")) {
			List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 9)
				.mapToObj((i) -> CompletableFuture.supplyAsync(() -> ask(service, "fox-" + i), threads))
				.toList();
			HeldAkashGen.soon().until(() -> this.akashGen.underWay() == 8);
			String waiting = IntStream.range(0, 9)
				.mapToObj((i) -> "fox-" + i)
				.filter((prompt) -> !this.akashGen.prompts().contains(prompt))
				.findFirst()
				.orElseThrow();
			HeldAkashGen.soon().until(() -> text("jobs").contains("\"content\":\"" + waiting + "\""));
			copyAsIfKilled();
			this.akashGen.take(100);
			answers.forEach(CompletableFuture::join);
		}
		String last = this.akashGen.prompts().getLast();
		try (RunningService service = service("killed")) {
			HeldAkashGen.soon().until(() -> this.akashGen.prompts().size() == 10);
			assertThat(this.akashGen.prompts().getLast()).isEqualTo(last);
			assertThat(ask(service, last).statusCode()).isEqualTo(200);
			assertThat(this.akashGen.prompts()).hasSize(10);
		}
	}

	/** Its conversation was too long to be stored, and nothing was submitted. */
	@Test
	void jobThatLostItsConversationIsStartedByTheRepeatedRequest() throws IOException {
		String longPrompt = "long " + "x".repeat(40_000);
		try (RunningService service = service("jobs")) {
			List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 8)
				.mapToObj((i) -> CompletableFuture.supplyAsync(() -> ask(service, "fox-" + i, "key-" + i), threads))
				.collect(Collectors.toCollection(ArrayList::new));
			HeldAkashGen.soon().until(() -> this.akashGen.underWay() == 8);
			answers.add(CompletableFuture.supplyAsync(() -> ask(service, longPrompt, "key"), threads));
			HeldAkashGen.soon()
				.until(() -> JOB_ID.matcher(text("jobs")).results().map(MatchResult::group).distinct().count() == 9);
			copyAsIfKilled();
			this.akashGen.take(100);
			answers.forEach(CompletableFuture::join);
		}
		try (RunningService service = service("killed")) {
			assertThat(ask(service, longPrompt, "key").statusCode()).isEqualTo(200);
			assertThat(this.akashGen.prompts()).hasSize(10);
		}
	}

	private void copyAsIfKilled() throws IOException {
		Files.createDirectory(this.directory.resolve("killed"));
		for (String file : List.of("jobs.mv", "fingerprint.key")) {
			Files.copy(this.directory.resolve("jobs").resolve(file), this.directory.resolve("killed").resolve(file));
		}
	}

	private void begin() {
		this.akashGen.take(100);
		try (RunningService service = service("jobs")) {
			for (String prompt : List.of("a", "b", "c")) {
				assertThat(ask(service, prompt).statusCode()).isEqualTo(200);
			}
		}
		this.akashGen.forgetQuestions();
	}

	private static HttpResponse<String> ask(RunningService service, String prompt) {
		return ask(service, prompt, prompt);
	}

	private static HttpResponse<String> ask(RunningService service, String prompt, String idempotencyKey) {
		return service.post("/v1/chat/completions",
				"{\"waitForImage\":false,\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}",
				"Authorization", "Bearer k", "Idempotency-Key", idempotencyKey);
	}

	private RunningService service(String jobs) {
		return RunningService.against(this.akashGen.baseUrl(), "JOB_STORE_DIR=" + this.directory.resolve(jobs),
				"FOLLOW_FOR=10m", "POLL_INTERVAL=100ms", "POLL_MAX_ATTEMPTS=10000");
	}

	private String text(String jobs) {
		try {
			return Files.readString(this.directory.resolve(jobs).resolve("jobs.mv"), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
