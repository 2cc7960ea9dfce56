package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is refused at once, as more of it is asked for than the service bears, or than the
 * operator allows.
 */
class BoundsTests {

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@Test
	void submitsBeyondTheBoundAreRefusedAtOnceAndThoseAfterwardsServed() {
		assertRefusedBeyond(2, "generation.submits-at-once=2", "Too many images are being submitted at once");
	}

	@Test
	void callersBeyondTheBoundAreRefusedAtOnceAndThoseAfterwardsServed() {
		assertRefusedBeyond(1, "generation.waiting-at-once=1", "Too many clients wait for images at once");
	}

	private static void assertRefusedBeyond(int bound, String setting, String error) {
		try (HeldAkashGen held = new HeldAkashGen();
				RunningService service = RunningService.against(held.baseUrl(), setting)) {
			held.status("succeeded");
			Answers answers = new Answers(bound + 8, () -> service.complete("fox"));
			assertThat(answers.first(8)).allSatisfy((response) -> {
				assertThat(response.statusCode()).isEqualTo(503);
				assertThat(response.body()).isEqualTo("{\"error\":\"%s\"}".formatted(error));
				assertThat(response.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 5L);
			});
			held.take(bound + 1);
			assertThat(answers.rest()).hasSize(bound)
				.allSatisfy((response) -> assertThat(response.statusCode()).isEqualTo(200));
			assertThat(held.prompts()).hasSize(bound);
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "generation.submits-at-once=2", "generation.waiting-at-once=2" })
	void picturesOfOneRequestThatThereIsRoomForAreNotLostWithTheOthers(String bound) {
		akashGen.chat(AkashGenDouble.queued("fox", "").withFixedDelay(500));
		try (RunningService service = RunningService.against(akashGen, bound)) {
			HttpResponse<String> response = service.post("/v1/images/generations", "{\"prompt\":\"fox\",\"n\":5}",
					"Authorization", "Bearer k");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(JsonMapper.shared().readTree(response.body()).path("data")).hasSize(2);
			assertThat(akashGen.submits()).hasSize(2);
		}
	}

	@Test
	void idsThatAreMadeUpReachAkashGenOnlySoOften() {
		try (RunningService service = RunningService.against(akashGen, "polling.lookups-per-second=2",
				"FOLLOW_FOR=1m")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
			int before = akashGen.server.getAllServeEvents().size();
			List<HttpResponse<String>> responses = IntStream.range(0, 200)
				.mapToObj((i) -> service.get("/images?id=made-up-" + i))
				.toList();
			int asked = akashGen.server.getAllServeEvents().size() - before;
			List<HttpResponse<String>> refused = responses.stream()
				.filter((response) -> response.statusCode() == 429)
				.toList();
			assertThat(refused).hasSize(200 - asked).hasSizeGreaterThan(100);
			assertThat(refused).allSatisfy((response) -> {
				assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
				assertThat(response.body()).startsWith("{\"error\":\"Too many images are looked up at once\"");
			});
			assertThat(service.get("/images?id=" + AkashGenDouble.JOB).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void keyIsHeldToItsRateAndNoOtherIs() {
		try (RunningService service = RunningService.against(akashGen, "API_KEY=a,b", "RATE_LIMIT_PER_KEY=2/1h")) {
			assertThat(post(service, "a").statusCode()).isEqualTo(200);
			assertThat(post(service, "a").statusCode()).isEqualTo(200);
			HttpResponse<String> refused = post(service, "a");
			assertThat(refused.statusCode()).isEqualTo(429);
			assertThat(refused.body()).isEqualTo("{\"error\":\"Too many requests with this key\"}");
			assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(3500L, 3600L);
			HttpResponse<String> refusedSdk = service.post("/v1/images/generations", "{}", "Authorization", "Bearer a");
			assertThat(refusedSdk.body()).isEqualTo(
					"{\"error\":{\"message\":\"Too many requests with this key\",\"type\":\"rate_limit_error\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}");
			assertThat(service.get("/v1/models", "Authorization", "Bearer a").statusCode()).isEqualTo(200);
			assertThat(post(service, "b").statusCode()).isEqualTo(200);
			assertThat(post(service, "c").statusCode()).isEqualTo(401);
		}
		assertThat(akashGen.submits()).hasSize(3);
	}

	@Test
	void keyMayBeUsedAgainWhenItWasTold() {
		try (RunningService service = RunningService.against(akashGen, "RATE_LIMIT_PER_KEY=1/1s")) {
			Awaitility.await().until(() -> post(service, "k").statusCode() == 429);
			Awaitility.await().until(() -> post(service, "k").statusCode() == 200);
		}
	}

	private static HttpResponse<String> post(RunningService service, String key) {
		return service.post("/v1/chat/completions", "{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}",
				"Authorization", "Bearer " + key);
	}

	@Test
	void idsThatAreMadeUpDoNotPileUpWhileAkashGenIsSlow() {
		try (HeldAkashGen held = new HeldAkashGen();
				RunningService service = RunningService.against(held.baseUrl(), "polling.lookups-per-second=1")) {
			held.absent();
			held.hold("made-up");
			CompletableFuture<HttpResponse<String>> first = CompletableFuture
				.supplyAsync(() -> service.get("/images?id=made-up"));
			Awaitility.await().until(() -> held.asked().size() == 1);
			AtomicInteger others = new AtomicInteger();
			Awaitility.await().during(Duration.ofSeconds(2)).until(() -> {
				String path = "/images?id=made-up-" + others.incrementAndGet();
				return service.get(path).statusCode() == 429;
			});
			assertThat(held.asked()).hasSize(1);
			held.letGo();
			assertThat(first.join().statusCode()).isEqualTo(404);
		}
	}

	@Test
	void waitsForPicturesAreBounded() {
		akashGen.status(AkashGenDouble.row("pending", ""));
		try (RunningService service = RunningService.against(akashGen, "images.waits-at-once=3", "FOLLOW_FOR=1m")) {
			service.post("{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}],\"waitForImage\":false}");
			Answers answers = new Answers(10, () -> service.get("/images?id=" + AkashGenDouble.JOB + "&wait=60"));
			assertThat(answers.first(7)).extracting(HttpResponse::statusCode).containsOnly(503);
			akashGen.status(AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
			assertThat(answers.rest()).extracting(HttpResponse::statusCode).containsExactly(200, 200, 200);
		}
	}

	@Test
	void waitsForJobsOfOthersAreBounded() {
		try (HeldAkashGen held = new HeldAkashGen();
				RunningService service = RunningService.against(held.baseUrl(), "polling.waits-at-once=3")) {
			held.status("succeeded");
			held.hold(AkashGenDouble.JOB);
			Answers answers = new Answers(10, () -> service.get("/images?id=" + AkashGenDouble.JOB + "&wait=60"));
			assertThat(answers.first(7)).allSatisfy((response) -> {
				assertThat(response.statusCode()).isEqualTo(503);
				assertThat(response.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 5L);
			});
			held.letGo();
			assertThat(answers.rest()).extracting(HttpResponse::statusCode).containsExactly(200, 200, 200);
		}
	}

	/**
	 * What many callers who ask at once are answered.
	 */
	private static final class Answers {

		private final Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();

		private final int callers;

		private int first;

		Answers(int callers, Supplier<HttpResponse<String>> call) {
			this.callers = callers;
			for (int i = 0; i < callers; i++) {
				Thread.startVirtualThread(() -> this.answers.add(call.get()));
			}
		}

		/** Those that come while the others wait. */
		List<HttpResponse<String>> first(int count) {
			Awaitility.await().until(() -> this.answers.size() >= count);
			this.first = count;
			return this.answers.stream().toList();
		}

		/** Those that come after them. */
		List<HttpResponse<String>> rest() {
			Awaitility.await().until(() -> this.answers.size() == this.callers);
			return this.answers.stream().skip(this.first).toList();
		}

	}

}
