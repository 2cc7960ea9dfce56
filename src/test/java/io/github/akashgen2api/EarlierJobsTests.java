package io.github.akashgen2api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of the jobs of an earlier process may have ended it.
 */
class EarlierJobsTests {

	private static final List<String> JOBS = List.of("job-a", "job-b", "job-c");

	private final HeldAkashGen akashGen = new HeldAkashGen();

	@TempDir
	Path directory;

	@AfterEach
	void stop() {
		this.akashGen.close();
	}

	@Test
	void jobsOfAnEarlierProcessAreAskedForAloneFirst() {
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
			Files.createDirectory(this.directory.resolve("killed"));
			for (String file : List.of("jobs.mv", "fingerprint.key")) {
				Files.copy(this.directory.resolve("jobs").resolve(file),
						this.directory.resolve("killed").resolve(file));
			}
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
		return service.post("/v1/chat/completions",
				"{\"waitForImage\":false,\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}",
				"Authorization", "Bearer k", "Idempotency-Key", prompt);
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
