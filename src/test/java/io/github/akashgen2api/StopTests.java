package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stop that lasts longer than callers can be waited for: each is told before the web
 * server lets go of them.
 */
class StopTests {

	private static final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

	private final HeldAkashGen akashGen = new HeldAkashGen();

	@AfterEach
	void stop() {
		this.akashGen.close();
	}

	@Test
	void callersWhoseJobsDoNotEndAreToldWhenTheServiceStops() {
		this.akashGen.take(3);
		RunningService service = service();
		CompletableFuture<HttpResponse<String>> plain = begin(() -> complete(service, "plain", ""));
		CompletableFuture<HttpResponse<String>> stream = begin(() -> complete(service, "stream", "\"stream\":true,"));
		CompletableFuture<HttpResponse<String>> images = begin(
				() -> service.post("/v1/images/generations", "{\"prompt\":\"images\"}", "Authorization", "Bearer k"));
		CompletableFuture<HttpResponse<String>> link = begin(() -> service.get("/images?wait=60&id=job-plain"));
		HeldAkashGen.soon()
			.until(() -> String.join(",", this.akashGen.asked()).matches(".*job-(plain|stream|images).*")
					&& this.akashGen.prompts().size() == 3
					&& List.of("plain", "stream", "images")
						.stream()
						.allMatch((job) -> String.join(",", this.akashGen.asked()).contains("job-" + job)));
		service.close();
		assertThat(plain.join().statusCode()).isEqualTo(504);
		assertThat(plain.join().headers().firstValue("Retry-After")).isPresent();
		assertThat(plain.join().body()).contains("The service is stopping", "\"id\":\"job-plain\"",
				"/images?id=job-plain\"");
		assertThat(stream.join().statusCode()).isEqualTo(200);
		assertThat(stream.join().body())
			.contains("event: error\ndata: {", "The service is stopping", "\"id\":\"job-stream\"",
					"/images?id=job-stream\"")
			.endsWith("\n\n");
		assertThat(images.join().statusCode()).isEqualTo(504);
		assertThat(images.join().body()).contains("The service is stopping", "\"id\":\"job-images\"");
		assertThat(link.join().statusCode()).isEqualTo(504);
		assertThat(link.join().headers().firstValue("Retry-After")).isPresent();
		assertThat(link.join().body()).contains("\"id\":\"job-plain\"", "/images?id=job-plain\"");
	}

	@Test
	void callersInTheLineOfSubmitsAreToldWhenTheServiceStops() {
		RunningService service = service();
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			answers.add(begin(() -> complete(service, "first", "")));
		}
		HeldAkashGen.soon().until(() -> this.akashGen.underWay() == 8);
		for (int i = 0; i < 5; i++) {
			answers.add(begin(() -> complete(service, "later", "")));
		}
		CompletableFuture<HttpResponse<String>> stream = begin(() -> complete(service, "later", "\"stream\":true,"));
		HeldAkashGen.soon().until(() -> service.waiting() == 14);
		service.close();
		assertThat(answers).allSatisfy((answer) -> {
			assertThat(answer.join().statusCode()).isEqualTo(504);
			assertThat(answer.join().headers().firstValue("Retry-After")).isPresent();
			assertThat(answer.join().body()).isEqualTo("{\"error\":\"The service is stopping\"}");
		});
		assertThat(stream.join().body()).contains("The service is stopping");
		this.akashGen.take(100);
		assertThat(this.akashGen.prompts()).hasSize(8).doesNotContain("later");
	}

	private RunningService service() {
		return RunningService.against(this.akashGen.baseUrl(), "shutdown.drain=500ms", "POLL_MAX_ATTEMPTS=100000",
				"FOLLOW_FOR=1m", "openai.stream.interval=50ms", "openai.stream.start-delay=1ms");
	}

	private static HttpResponse<String> complete(RunningService service, String prompt, String fields) {
		return service.post("{" + fields + "\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}");
	}

	private static CompletableFuture<HttpResponse<String>> begin(Supplier<HttpResponse<String>> call) {
		return CompletableFuture.supplyAsync(call, threads);
	}

}
