package io.github.akashgen2api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The line of those whose words AkashGen has not been sent yet.
 */
class SubmitQueueTests {

	private static final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

	private final HeldAkashGen akashGen = new HeldAkashGen();

	@AfterEach
	void stop() {
		this.akashGen.close();
	}

	@Test
	void submitsGoOutEightAtATimeInTheOrderInWhichTheyCame() {
		try (RunningService service = service()) {
			List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				answers.add(ask(service, "k", "first-" + i));
			}
			HeldAkashGen.soon().until(() -> this.akashGen.underWay() == 8);
			List<Socket> streams = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				streams.add(stream(service, "later-" + i));
				awaitText(streams.getLast(), ": queued, position " + (i + 1) + ",");
			}
			assertThat(this.akashGen.prompts()).hasSize(8);
			this.akashGen.take(8);
			HeldAkashGen.soon().until(() -> this.akashGen.prompts().size() == 16);
			awaitText(streams.getLast(), ": queued, position 4,");
			this.akashGen.status("succeeded");
			this.akashGen.take(12);
			assertThat(answers).allSatisfy((answer) -> assertThat(answer.join().statusCode()).isEqualTo(200));
			streams.forEach((stream) -> awaitText(stream, "[DONE]"));
			assertThat(this.akashGen.mostAtOnce()).isEqualTo(8);
			assertThat(this.akashGen.prompts().subList(8, 16))
				.containsExactlyInAnyOrderElementsOf(IntStream.range(0, 8).mapToObj((i) -> "later-" + i).toList());
		}
	}

	@Test
	void callerWhoseTimeIsOverInTheLineIsToldSoAndNothingIsSent() {
		try (RunningService service = service("ANSWER_WITHIN=2s")) {
			List<CompletableFuture<HttpResponse<String>>> first = fill(service);
			HttpResponse<String> late = ask(service, "k", "late").join();
			assertThat(late.statusCode()).isEqualTo(504);
			assertThat(late.body()).isEqualTo("{\"error\":\"The image could not be submitted in time\"}");
			first.forEach(CompletableFuture::join);
			this.akashGen.take(100);
			assertThat(ask(service, "k", "after").join().statusCode()).isEqualTo(504);
			assertThat(this.akashGen.prompts()).contains("after").doesNotContain("late").hasSize(9);
		}
	}

	@Test
	void requestOfACallerWhoLeftTheLineIsNotSent() throws IOException {
		try (RunningService service = service("ADOPT_WITHIN=5m")) {
			fill(service);
			Socket gone = stream(service, "gone");
			awaitText(gone, ": queued, position 1,");
			Socket repeated = stream(service, "repeated");
			awaitText(repeated, ": queued, position 2,");
			gone.close();
			repeated.close();
			Socket again = stream(service, "repeated");
			// His place, and not a third one.
			awaitText(again, ": queued, position 2,");
			this.akashGen.status("succeeded");
			this.akashGen.take(100);
			awaitText(again, "[DONE]");
			assertThat(this.akashGen.prompts()).doesNotContain("gone").containsOnlyOnce("repeated");
		}
	}

	@Test
	void deletedJobIsNotSent() {
		try (RunningService service = service()) {
			fill(service);
			String id = RunningService.json(service.post("/v1/jobs", "{\"prompt\":\"deleted\"}", "Authorization",
					"Bearer k", "Content-Type", "application/json"))
				.get("id")
				.asString();
			CompletableFuture<HttpResponse<String>> last = ask(service, "k", "last");
			assertThat(service.delete("/v1/jobs/" + id, "Authorization", "Bearer k").statusCode()).isEqualTo(200);
			this.akashGen.status("succeeded");
			this.akashGen.take(100);
			assertThat(last.join().statusCode()).isEqualTo(200);
			assertThat(this.akashGen.prompts()).contains("last").doesNotContain("deleted");
		}
	}

	@Test
	void requestThatAnotherJoinsByItsKeyIsSentThoughTheFirstCallerLeft() throws IOException {
		try (RunningService service = service()) {
			fill(service);
			Socket first = stream(service, "joined", "Idempotency-Key: a");
			awaitText(first, ": queued, position 1,");
			Socket second = stream(service, "joined", "Idempotency-Key: a");
			awaitText(second, ": queued, position 1,");
			first.close();
			this.akashGen.status("succeeded");
			this.akashGen.take(100);
			awaitText(second, "[DONE]");
			assertThat(this.akashGen.prompts()).containsOnlyOnce("joined");
		}
	}

	@Test
	void lineIsToldAtOnceThatTheAllowanceIsUsedUp() {
		try (RunningService service = service()) {
			List<CompletableFuture<HttpResponse<String>>> answers = fill(service);
			for (int i = 0; i < 30; i++) {
				answers.add(ask(service, "k", "more-" + i));
			}
			this.akashGen
				.refuse("429 {\"error\":\"Rate limit exceeded\",\"message\":\"You've reached your usage limit\"}");
			this.akashGen.take(1);
			HeldAkashGen.soon().until(() -> answers.stream().filter(CompletableFuture::isDone).count() >= 31);
			assertThat(answers).filteredOn(CompletableFuture::isDone)
				.allSatisfy((answer) -> assertThat(answer.join().statusCode()).isEqualTo(429));
			assertThat(this.akashGen.prompts()).hasSize(8);
			this.akashGen.take(100);
		}
	}

	@Test
	void oneKeyTakesHalfOfTheLineWhileAnotherIsThere() {
		try (RunningService service = service("API_KEY=k,k2", "generation.submits-at-once=20")) {
			List<CompletableFuture<HttpResponse<String>>> greedy = IntStream.range(0, 20)
				.mapToObj((i) -> ask(service, "k", "greedy-" + i))
				.toList();
			HeldAkashGen.soon().until(() -> this.akashGen.underWay() == 8);
			HeldAkashGen.soon().until(() -> ask(service, "k2", "other").join().statusCode() == 503);
			this.akashGen.take(8);
			HeldAkashGen.soon().until(() -> this.akashGen.prompts().size() >= 16);
			// 12 are left, so he who has 20 gets no more, and the other one does.
			HttpResponse<String> refused = ask(service, "k", "greedy").join();
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.body()).isEqualTo("{\"error\":\"Too many images are being submitted at once\"}");
			CompletableFuture<HttpResponse<String>> other = ask(service, "k2", "other");
			this.akashGen.status("succeeded");
			this.akashGen.take(100);
			assertThat(other.join().statusCode()).isEqualTo(200);
			assertThat(greedy).allSatisfy((answer) -> assertThat(answer.join().statusCode()).isEqualTo(200));
		}
	}

	@Test
	void oneKeyTakesHalfOfTheWaitingPlacesWhileAnotherIsThere() {
		this.akashGen.take(100);
		try (RunningService service = service("API_KEY=k,k2", "generation.waiting-at-once=6",
				"POLL_MAX_ATTEMPTS=10000")) {
			CompletableFuture<HttpResponse<String>> other = ask(service, "k2", "other");
			HeldAkashGen.soon().until(() -> this.akashGen.prompts().size() == 1);
			List<HttpResponse<String>> refused = new ArrayList<>();
			List<CompletableFuture<HttpResponse<String>>> greedy = IntStream.range(0, 5)
				.mapToObj((i) -> ask(service, "k", "greedy-" + i))
				.toList();
			HeldAkashGen.soon().until(() -> greedy.stream().filter(CompletableFuture::isDone).count() == 2);
			greedy.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join).forEach(refused::add);
			assertThat(refused).hasSize(2).allSatisfy((answer) -> assertThat(answer.statusCode()).isEqualTo(503));
			CompletableFuture<HttpResponse<String>> more = ask(service, "k2", "more");
			HeldAkashGen.soon().until(() -> this.akashGen.prompts().contains("more"));
			this.akashGen.status("succeeded");
			assertThat(other.join().statusCode()).isEqualTo(200);
			assertThat(more.join().statusCode()).isEqualTo(200);
		}
	}

	private RunningService service(String... settings) {
		List<String> all = new ArrayList<>(List.of("openai.stream.interval=50ms", "openai.stream.start-delay=1ms",
				"POLL_MAX_ATTEMPTS=10000", "shutdown.drain=1s"));
		all.addAll(List.of(settings));
		return RunningService.against(this.akashGen.baseUrl(), all.toArray(String[]::new));
	}

	/** As many as go out at a time. */
	private List<CompletableFuture<HttpResponse<String>>> fill(RunningService service) {
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			answers.add(ask(service, "k", "filling-" + i));
		}
		HeldAkashGen.soon().until(() -> this.akashGen.underWay() == 8);
		return answers;
	}

	private static CompletableFuture<HttpResponse<String>> ask(RunningService service, String key, String prompt) {
		return CompletableFuture.supplyAsync(() -> service.post("/v1/chat/completions",
				"{\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}", "Authorization",
				"Bearer " + key), threads);
	}

	private static Socket stream(RunningService service, String prompt, String... headers) {
		String body = "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
		try {
			Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort());
			socket.setSoTimeout(30_000);
			StringBuilder request = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n");
			request.append("Authorization: Bearer k\r\nContent-Length: ").append(body.length()).append("\r\n");
			for (String header : headers) {
				request.append(header).append("\r\n");
			}
			socket.getOutputStream()
				.write(request.append("\r\n").append(body).toString().getBytes(StandardCharsets.UTF_8));
			return socket;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Read until a text has come. */
	private static void awaitText(Socket socket, String text) {
		try {
			InputStream in = socket.getInputStream();
			StringBuilder read = new StringBuilder();
			while (read.indexOf(text) < 0) {
				int next = in.read();
				assertThat(next).as("what came: %s", read).isNotNegative();
				read.append((char) next);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
