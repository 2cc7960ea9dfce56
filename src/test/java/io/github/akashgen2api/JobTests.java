package io.github.akashgen2api;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.WireMock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs that a client starts, leaves, and comes back to.
 */
class JobTests {

	private static final int NEVER = 1_000_000;

	private static final List<String> KEYS = IntStream.range(0, 60).mapToObj((i) -> "key-" + i).toList();

	private static final AtomicInteger USED = new AtomicInteger();

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = service();

	/** Each test has a key of its own, as a key sees all its jobs. */
	private final String key = KEYS.get(USED.getAndIncrement());

	private static RunningService service(String... settings) {
		return RunningService.against(akashGen,
				Stream.concat(Stream.of("API_KEY=other," + String.join(",", KEYS), "ADOPT_WITHIN=5m", "FOLLOW_FOR=1m",
						"POLL_MAX_ATTEMPTS=200"), Stream.of(settings))
					.toArray(String[]::new));
	}

	@Test
	void startedJobIsFoundUntilItIsCompleted() {
		jobs(NEVER, "a-1");
		HttpResponse<String> started = start("{\"prompt\":\"a fox\",\"metadata\":{\"user\":\"7\",\"role\":\"x\"}}");
		assertThat(started.statusCode()).isEqualTo(202);
		JsonNode job = RunningService.json(started);
		String id = job.get("id").asString();
		assertThat(id).matches("job_[0-9a-f]{32}");
		assertThat(started.headers().firstValue("Location")).contains("/v1/jobs/" + id);
		assertThat(started.headers().firstValue("X-Job-Id")).contains(id);
		assertThat(started.headers().firstValue("Preference-Applied")).isEmpty();
		assertThat(job.get("object").asString()).isEqualTo("image.job");
		assertThat(job.get("prompt").asString()).isEqualTo("a fox");
		assertThat(job.get("metadata")).hasToString("{\"user\":\"7\",\"role\":\"x\"}");
		assertThat(job.get("error").isNull()).isTrue();
		assertThat(job.get("completed_at").isNull()).isTrue();
		Awaitility.await().until(() -> find(id).get("status").asString().equals("in_progress"));
		JsonNode painted = find(id);
		assertThat(painted.get("revised_prompt").asString()).isEqualTo("prompt of a-1");
		assertThat(painted.get("negative_prompt").isNull()).isTrue();
		assertThat(painted.get("image_url").asString()).isEqualTo(service.origin() + "/images?id=a-1");
		akashGen.finishJobs();
		Awaitility.await().until(() -> find(id).get("status").asString().equals("completed"));
		assertThat(find(id).get("completed_at").asLong()).isGreaterThanOrEqualTo(job.get("created_at").asLong());
		assertThat(find("a-1")).isEqualTo(find(id));
		assertThat(service.get("/images?id=a-1").statusCode()).isEqualTo(200);
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void jobThatWaitsForAkashGenTellsItsPlace() {
		jobs(NEVER, "b-1");
		row("b-1", 4);
		String id = id(start("{\"prompt\":\"b\"}"));
		Awaitility.await().until(() -> find(id).get("queue_position").asInt(0) == 4);
		assertThat(find(id).get("status").asString()).isEqualTo("queued");
	}

	@Test
	void clientThatWaitsIsToldTheEnd() {
		jobs(1, "c-1");
		HttpResponse<String> ended = start("{\"messages\":[{\"role\":\"user\",\"content\":\"c\"}]}", "Prefer",
				"respond-async, wait=30");
		assertThat(ended.statusCode()).isEqualTo(200);
		assertThat(ended.headers().firstValue("Preference-Applied")).contains("wait=30");
		assertThat(RunningService.json(ended).get("status").asString()).isEqualTo("completed");
		assertThat(RunningService.json(ended).get("prompt").asString()).isEqualTo("c");
	}

	@Test
	void clientThatWaitsTooBrieflyIsToldWhereTheJobStands() {
		jobs(NEVER, "d-1");
		HttpResponse<String> pending = start("{\"prompt\":\"d\"}", "Prefer", "wait=1");
		assertThat(pending.statusCode()).isEqualTo(202);
		assertThat(pending.headers().firstValue("Preference-Applied")).isEmpty();
		assertThat(RunningService.json(pending).get("status").asString()).isIn("queued", "in_progress");
	}

	@Test
	void keySeesItsOwnJobsOnly() {
		jobs(1, "e-1");
		String id = id(start("{\"prompt\":\"e\"}", "Prefer", "wait=30"));
		HttpResponse<String> other = service.get("/v1/jobs/" + id, "Authorization", "Bearer other");
		assertThat(other.statusCode()).isEqualTo(404);
		assertThat(RunningService.json(other).at("/error/code").asString()).isEqualTo("job_not_found");
		assertThat(service.get("/v1/jobs/e-1", "Authorization", "Bearer other").statusCode()).isEqualTo(404);
		assertThat(service.get("/v1/jobs", "Authorization", "Bearer other").body())
			.isEqualTo("{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false}");
		assertThat(service.get("/v1/jobs/" + id).statusCode()).isEqualTo(401);
	}

	@Test
	void jobsOfEveryEndpointAreNamedAndListedNewestFirst() {
		jobs(1, "f-1", "f-2", "f-3", "f-4");
		HttpResponse<String> chat = post("/v1/chat/completions",
				"{\"messages\":[{\"role\":\"user\",\"content\":\"one\"}]}");
		String first = header(chat);
		HttpResponse<String> stream = post("/v1/chat/completions",
				"{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"two\"}]}");
		String second = header(stream);
		String[] others = header(post("/v1/images/generations", "{\"prompt\":\"three\",\"n\":2}")).split(", ");
		assertThat(others).hasSize(2);
		JsonNode all = list("");
		assertThat(all.get("data").valueStream().map((job) -> job.get("id").asString())).containsExactly(others[1],
				others[0], second, first);
		assertThat(all.get("data").valueStream().map((job) -> job.get("prompt").asString())).containsExactly("three",
				"three", "two", "one");
		assertThat(all.get("data").valueStream().map((job) -> job.get("status").asString())).containsOnly("completed");
		assertThat(all.get("has_more").asBoolean()).isFalse();
		JsonNode page = list("?limit=3");
		assertThat(page.get("data").size()).isEqualTo(3);
		assertThat(page.get("has_more").asBoolean()).isTrue();
		assertThat(page.get("first_id").asString()).isEqualTo(others[1]);
		JsonNode rest = list("?limit=3&after=" + page.get("last_id").asString());
		assertThat(rest.get("data").valueStream().map((job) -> job.get("id").asString())).containsExactly(first);
		assertThat(rest.get("has_more").asBoolean()).isFalse();
	}

	@Test
	void jobThatAkashGenDidNotQueueSaysWhy() {
		akashGen.chat(AkashGenDouble.json(500, "{\"error\":\"Error generating image\"}"));
		HttpResponse<String> failed = start("{\"prompt\":\"g\"}", "Prefer", "wait=30");
		assertThat(failed.statusCode()).isEqualTo(200);
		JsonNode job = RunningService.json(failed);
		assertThat(job.get("status").asString()).isEqualTo("failed");
		assertThat(job.at("/error/code").asString()).isEqualTo("upstream_unavailable");
		assertThat(job.at("/error/message").asString()).isNotEmpty();
		assertThat(find(job.get("id").asString())).isEqualTo(job);
		assertThat(list("").get("data").size()).isEqualTo(1);
	}

	@Test
	void jobThatAkashGenGaveUpSaysWhy() {
		jobs(NEVER, "h-1");
		akashGen.statusOf("h-1", "failed", "");
		JsonNode job = RunningService.json(start("{\"prompt\":\"h\"}", "Prefer", "wait=30"));
		assertThat(job.get("status").asString()).isEqualTo("failed");
		assertThat(job.at("/error/code").asString()).isEqualTo("image_generation_failed");
		assertThat(job.get("revised_prompt").asString()).isEqualTo("prompt of h-1");
	}

	@Test
	void sameIdempotencyKeyIsTheSameJob() {
		jobs(NEVER, "i-1", "i-2");
		String first = id(start("{\"prompt\":\"i\"}", "Idempotency-Key", "once"));
		assertThat(id(start("{\"prompt\":\"i\"}", "Idempotency-Key", "once"))).isEqualTo(first);
		assertThat(start("{\"prompt\":\"another\"}", "Idempotency-Key", "once").statusCode()).isEqualTo(422);
		assertThat(id(start("{\"prompt\":\"i\"}"))).isNotEqualTo(first);
		Awaitility.await().until(() -> akashGen.submits().size() == 2);
	}

	@Test
	void jobThatNobodyWaitsForIsCompletedByTheNextProcess(@TempDir Path directory) {
		jobs(NEVER, "j-1");
		String id;
		try (RunningService first = service("DATA_DIR=" + directory, "shutdown.drain=0s")) {
			id = id(post(first, "/v1/jobs", "{\"prompt\":\"j\",\"metadata\":{\"a\":\"b\"}}"));
			Awaitility.await().until(() -> akashGen.looks("j-1") > 0);
		}
		akashGen.finishJobs();
		try (RunningService next = service("DATA_DIR=" + directory)) {
			Awaitility.await().until(() -> find(next, id).get("status").asString().equals("completed"));
			assertThat(find(next, id).get("prompt").asString()).isEqualTo("j");
			assertThat(find(next, id).at("/metadata/a").asString()).isEqualTo("b");
			assertThat(akashGen.submits()).hasSize(1);
		}
	}

	@Test
	void jobIsNotKeptWhenThatIsSwitchedOff() {
		jobs(1, "k-1");
		try (RunningService forgetful = service("JOB_RETENTION=0s")) {
			String id = header(
					post(forgetful, "/v1/chat/completions", "{\"messages\":[{\"role\":\"user\",\"content\":\"k\"}]}"));
			Awaitility.await()
				.until(() -> forgetful.get("/v1/jobs/" + id, "Authorization", "Bearer " + this.key)
					.statusCode() == 404);
		}
	}

	@Test
	void jobWithoutRoomIsRefused() {
		jobs(NEVER, "l-1");
		try (RunningService small = service("generation.waiting-at-once=1", "POLL_MAX_ATTEMPTS=10000")) {
			assertThat(post(small, "/v1/jobs", "{\"prompt\":\"l\"}").statusCode()).isEqualTo(202);
			Awaitility.await().until(() -> akashGen.looks("l-1") > 0);
			HttpResponse<String> refused = post(small, "/v1/jobs", "{\"prompt\":\"l\"}");
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(RunningService.json(refused).at("/error/code").asString()).isEqualTo("too_many_waits");
		}
	}

	@Test
	void eventsTellEachChangeUntilTheEnd() {
		jobs(NEVER, "m-1");
		row("m-1", 2);
		try (RunningService watched = service("POLL_MAX_ATTEMPTS=10000")) {
			String id = id(post(watched, "/v1/jobs", "{\"prompt\":\"m\"}"));
			Awaitility.await().until(() -> find(watched, id).get("queue_position").asInt(0) == 2);
			CompletableFuture<HttpResponse<String>> stream = CompletableFuture.supplyAsync(() -> events(watched, id));
			Awaitility.await().until(() -> watched.waiting() == 1);
			row("m-1", 1);
			Awaitility.await().until(() -> find(watched, id).get("queue_position").asInt(0) == 1);
			akashGen.statusOf("m-1", "succeeded", AkashGenDouble.file("m-1"));
			HttpResponse<String> ended = stream.join();
			assertThat(ended.headers().firstValue("Content-Type")).contains("text/event-stream;charset=utf-8");
			assertThat(ended.body()).startsWith("event: status\ndata: {");
			List<JsonNode> told = told(ended);
			assertThat(told.getFirst().get("queue_position").asInt(0)).isEqualTo(2);
			assertThat(told.getLast()).isEqualTo(find(watched, id));
			assertThat(told.getLast().get("status").asString()).isEqualTo("completed");
			assertThat(told(events(watched, id))).containsExactly(find(watched, id));
		}
	}

	@Test
	void streamWithoutAChangeIsKeptAlive() {
		jobs(NEVER, "q-1");
		try (RunningService watched = service("POLL_MAX_ATTEMPTS=10000", "openai.stream.interval=20ms")) {
			String id = id(post(watched, "/v1/jobs", "{\"prompt\":\"q\"}"));
			Awaitility.await().until(() -> akashGen.looks("q-1") > 0);
			CompletableFuture<HttpResponse<String>> stream = CompletableFuture.supplyAsync(() -> events(watched, id));
			Awaitility.await().until(() -> watched.waiting() == 1);
			long looks = akashGen.looks("q-1");
			Awaitility.await().until(() -> akashGen.looks("q-1") > looks + 10);
			akashGen.finishJobs();
			assertThat(stream.join().body()).contains("\n: in_progress\n");
		}
	}

	@Test
	void streamEndsInTime() {
		jobs(NEVER, "r-1");
		try (RunningService watched = service("POLL_MAX_ATTEMPTS=10000", "ANSWER_WITHIN=500ms")) {
			String id = id(post(watched, "/v1/jobs", "{\"prompt\":\"r\"}"));
			Awaitility.await().until(() -> akashGen.looks("r-1") > 0);
			List<JsonNode> told = told(events(watched, id));
			assertThat(told.getLast().get("status").asString()).isEqualTo("in_progress");
			assertThat(watched.waiting()).isZero();
		}
	}

	/** All looks are those of the job's own polling. */
	@Test
	void streamsOfAJobAskAkashGenNothing() {
		jobs(NEVER, "n-1");
		try (RunningService watched = service("POLL_MAX_ATTEMPTS=10000", "POLL_INTERVAL=200ms")) {
			String id = id(post(watched, "/v1/jobs", "{\"prompt\":\"n\"}"));
			List<CompletableFuture<HttpResponse<String>>> streams = IntStream.range(0, 1_000)
				.mapToObj((_) -> CompletableFuture.supplyAsync(() -> events(watched, id), Thread::startVirtualThread))
				.toList();
			Awaitility.await().until(() -> watched.waiting() == 1_000);
			long looks = akashGen.looks("n-1");
			long start = System.nanoTime();
			Awaitility.await().until(() -> akashGen.looks("n-1") >= looks + 5);
			long intervals = Duration.ofNanos(System.nanoTime() - start).dividedBy(Duration.ofMillis(200));
			assertThat(akashGen.looks("n-1") - looks).isLessThanOrEqualTo(intervals + 2);
			akashGen.finishJobs();
			streams.forEach((stream) -> assertThat(told(stream.join()).getLast().get("status").asString())
				.isEqualTo("completed"));
		}
	}

	@Test
	void eventsOfAServiceThatStopsEndWithAnError() {
		jobs(NEVER, "o-1");
		CompletableFuture<HttpResponse<String>> stream;
		try (RunningService brief = service("shutdown.drain=0s", "POLL_MAX_ATTEMPTS=10000")) {
			String id = id(post(brief, "/v1/jobs", "{\"prompt\":\"o\"}"));
			stream = CompletableFuture.supplyAsync(() -> events(brief, id));
			Awaitility.await().until(() -> brief.waiting() == 1);
		}
		assertThat(stream.join().body()).contains("event: error").contains("service_stopping");
	}

	@Test
	void requestIsTakenUpThoughItsJobIsWatched() {
		jobs(NEVER, "p-1");
		String body = "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"watched\"}]}";
		try (RunningService live = service("API_KEY=k", "openai.stream.interval=20ms",
				"openai.stream.start-delay=20ms")) {
			live.beginAndLeave(body);
			Awaitility.await().until(() -> akashGen.looks("p-1") > 0);
			CompletableFuture<HttpResponse<String>> stream = CompletableFuture
				.supplyAsync(() -> live.get("/v1/jobs/p-1/events", "Authorization", "Bearer k"));
			Awaitility.await().until(() -> live.waiting() >= 1);
			akashGen.finishJobs();
			assertThat(live.post(body).body()).contains("p-1");
			assertThat(told(stream.join()).getLast().get("status").asString()).isEqualTo("completed");
			assertThat(akashGen.submits()).hasSize(1);
		}
	}

	@Test
	void deletedJobAndItsImageAreGone(@TempDir Path directory) throws IOException {
		jobs(1, "deleted-1", "deleted-2");
		String kept;
		try (RunningService first = service("DATA_DIR=" + directory, "IMAGE_STORE_SIZE=1GB")) {
			String id = id(post(first, "/v1/jobs", "{\"prompt\":\"s\"}", "Prefer", "wait=30", "Idempotency-Key", "s"));
			assertThat(first.get("/images?id=deleted-1&format=png").statusCode()).isEqualTo(200);
			kept = id(post(first, "/v1/jobs", "{\"prompt\":\"kept\"}", "Prefer", "wait=30"));
			assertThat(delete(first, id, "other").statusCode()).isEqualTo(404);
			HttpResponse<String> deleted = delete(first, id, this.key);
			assertThat(deleted.statusCode()).isEqualTo(200);
			assertThat(deleted.body())
				.isEqualTo("{\"id\":\"%s\",\"object\":\"image.job\",\"deleted\":true}".formatted(id));
			assertThat(delete(first, id, this.key).statusCode()).isEqualTo(404);
			assertThat(first.get("/v1/jobs/deleted-1", "Authorization", "Bearer " + this.key).statusCode())
				.isEqualTo(404);
			assertThat(list(first, "").get("data").valueStream().map((job) -> job.get("id").asString()))
				.containsExactly(kept);
			assertImageIsGone(first, "deleted-1");
		}
		try (Stream<Path> files = Files.walk(directory)) {
			assertThat(files.map((file) -> file.getFileName().toString())).contains("deleted-2.webp")
				.noneMatch((name) -> name.startsWith("deleted-1"));
		}
		int looks = akashGen.requests();
		try (RunningService next = service("DATA_DIR=" + directory, "IMAGE_STORE_SIZE=1GB")) {
			assertImageIsGone(next, "deleted-1");
			assertThat(next.get("/images?id=deleted-1&wait=1").statusCode()).isEqualTo(404);
			assertThat(next.get("/images?id=deleted-2").statusCode()).isEqualTo(200);
			assertThat(akashGen.requests()).isEqualTo(looks);
		}
	}

	private static void assertImageIsGone(RunningService service, String id) {
		HttpResponse<String> gone = service.get("/images?id=" + id);
		assertThat(gone.statusCode()).isEqualTo(404);
		assertThat(gone.body()).contains("The image was deleted");
		assertThat(gone.headers().firstValue("Retry-After")).isEmpty();
	}

	@Test
	void sameIdempotencyKeyStartsAnotherJobAfterADeletion() {
		jobs(1, "t-1", "t-2");
		String first = id(start("{\"prompt\":\"t\"}", "Idempotency-Key", "t", "Prefer", "wait=30"));
		assertThat(delete(service, first, this.key).statusCode()).isEqualTo(200);
		assertThat(id(start("{\"prompt\":\"t\"}", "Idempotency-Key", "t", "Prefer", "wait=30"))).isNotEqualTo(first);
		assertThat(akashGen.submits()).hasSize(2);
	}

	@Test
	void clientsThatWaitForADeletedJobAreTold() {
		jobs(NEVER, "u-1");
		try (RunningService watched = service("POLL_MAX_ATTEMPTS=10000", "openai.stream.start-delay=20ms",
				"openai.stream.interval=20ms")) {
			String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"u\"}]";
			CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(
					() -> post(watched, "/v1/chat/completions", body + ",\"user\":\"a\"}", "Idempotency-Key", "u"));
			Awaitility.await().until(() -> akashGen.looks("u-1") > 0);
			CompletableFuture<HttpResponse<String>> events = CompletableFuture
				.supplyAsync(() -> events(watched, "u-1"));
			Awaitility.await().until(() -> watched.waiting() == 2);
			assertThat(delete(watched, "u-1", this.key).statusCode()).isEqualTo(200);
			assertThat(answer.join().statusCode()).isEqualTo(410);
			assertThat(RunningService.json(answer.join()).at("/error/code").asString()).isEqualTo("job_deleted");
			JsonNode last = told(events.join()).getLast();
			assertThat(last.get("status").asString()).isEqualTo("failed");
			assertThat(last.at("/error/code").asString()).isEqualTo("job_deleted");
			Awaitility.await().until(() -> watched.waiting() == 0);
			akashGen.finishJobs();
			assertImageIsGone(watched, "u-1");
		}
	}

	@Test
	void streamThatWaitsForADeletedJobEndsWithAnError() {
		jobs(NEVER, "v-1", "v-2");
		try (RunningService watched = service("POLL_MAX_ATTEMPTS=10000", "openai.stream.start-delay=20ms",
				"openai.stream.interval=20ms")) {
			CompletableFuture<HttpResponse<String>> stream = CompletableFuture.supplyAsync(() -> post(watched,
					"/v1/chat/completions", "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"v\"}]}"));
			Awaitility.await().until(() -> akashGen.looks("v-1") > 0);
			assertThat(delete(watched, "v-1", this.key).statusCode()).isEqualTo(200);
			assertThat(stream.join().body()).contains("event: error", "job_deleted");
			long looks = akashGen.looks("v-1");
			CompletableFuture<HttpResponse<String>> other = CompletableFuture
				.supplyAsync(() -> post(watched, "/v1/chat/completions",
						"{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"another\"}]}"));
			Awaitility.await().until(() -> akashGen.looks("v-2") > 5);
			assertThat(akashGen.looks("v-1")).isLessThanOrEqualTo(looks + 1);
			akashGen.finishJobs();
			assertThat(other.join().body()).contains("v-2");
		}
	}

	@Test
	void wordsOfADeletedJobAreErasedFromTheDisk(@TempDir Path directory) throws IOException {
		jobs(1, "w-1", "w-2");
		try (RunningService tidy = service("DATA_DIR=" + directory, "jobs.erase-after=0s",
				"jobs.cleanup-interval=50ms")) {
			String id = id(post(tidy, "/v1/jobs", "{\"prompt\":\"nobody knows\"}", "Prefer", "wait=30"));
			id(post(tidy, "/v1/jobs", "{\"prompt\":\"everybody knows\"}", "Prefer", "wait=30"));
			Awaitility.await().until(() -> holds(directory, "nobody knows") && holds(directory, "everybody knows"));
			assertThat(delete(tidy, id, this.key).statusCode()).isEqualTo(200);
			Awaitility.await().until(() -> !holds(directory, "nobody knows") && holds(directory, "everybody knows"));
		}
		assertThat(holds(directory, "nobody knows")).isFalse();
	}

	private static boolean holds(Path directory, String words) throws IOException {
		try (Stream<Path> files = Files.list(directory.resolve("jobs"))) {
			for (Path file : files.toList()) {
				if (Files.exists(file) && Files.readString(file, StandardCharsets.ISO_8859_1).contains(words)) {
					return true;
				}
			}
			return false;
		}
	}

	private static HttpResponse<String> delete(RunningService in, String id, String key) {
		return in.delete("/v1/jobs/" + id, "Authorization", "Bearer " + key);
	}

	private static void row(String id, int position) {
		akashGen.server
			.stubFor(WireMock.get(WireMock.urlEqualTo("/api/image-status/?ids=" + id))
				.willReturn(WireMock
					.okJson("[{\"job_id\":\"%s\",\"status\":\"pending\",\"queue_position\":%d,\"result\":null}]"
						.formatted(id, position))));
	}

	private HttpResponse<String> events(RunningService of, String id) {
		return of.get("/v1/jobs/" + id + "/events", "Authorization", "Bearer " + this.key);
	}

	private static List<JsonNode> told(HttpResponse<String> stream) {
		assertThat(stream.statusCode()).as(stream.body()).isEqualTo(200);
		return stream.body()
			.lines()
			.filter((line) -> line.startsWith("data: "))
			.map((line) -> RunningService.JSON.readTree(line.substring(6)))
			.toList();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{}                                                         | prompt
			{"prompt":"  "}                                            | prompt
			{"prompt":7}                                               | prompt
			{"messages":[]}                                            | messages
			{"messages":[{"role":"user","content":""}]}                | messages[0].content
			{"prompt":"a","messages":[{"role":"user","content":"b"}]}  | prompt
			{"prompt":"a","metadata":"x"}                              | metadata
			{"prompt":"a","metadata":{"x":7}}                          | metadata.x
			{"prompt":"a","metadata":{"x":null}}                       | metadata.x
			{"prompt":"a","metadata":{"x":{"y":"z"}}}                  | metadata.x
			""")
	void wrongFieldIsNamed(String body, String field) {
		HttpResponse<String> refused = start(body);
		assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
		assertThat(RunningService.json(refused).at("/error/param").asString()).isEqualTo(field);
		assertThat(list("").get("data").size()).isZero();
	}

	@Test
	void tooMuchMetadataIsRefused() {
		String pairs = String.join(",",
				Stream.iterate(0, (i) -> i + 1).limit(17).map("\"n%d\":\"v\""::formatted).toList());
		assertThat(RunningService.json(start("{\"prompt\":\"m\",\"metadata\":{" + pairs + "}}"))
			.at("/error/message")
			.asString()).isEqualTo("metadata must have at most 16 pairs");
		assertThat(start("{\"prompt\":\"m\",\"metadata\":{\"a\":\"" + "v".repeat(513) + "\"}}").statusCode())
			.isEqualTo(400);
		assertThat(start("{\"prompt\":\"m\",\"metadata\":{\"" + "n".repeat(65) + "\":\"v\"}}").statusCode())
			.isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "limit=0", "limit=101", "limit=x", "after=job_0", "after=" })
	void wrongPageIsRefused(String query) {
		HttpResponse<String> refused = service.get("/v1/jobs?" + query, "Authorization", "Bearer " + this.key);
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(refused).at("/error/param").asString())
			.isEqualTo(query.substring(0, query.indexOf('=')));
	}

	private static void jobs(int looks, String... ids) {
		akashGen.jobs(ids);
		for (String id : ids) {
			akashGen.job(id, looks);
		}
	}

	private HttpResponse<String> start(String body, String... headers) {
		return post(service, "/v1/jobs", body, headers);
	}

	private HttpResponse<String> post(String path, String body) {
		return post(service, path, body);
	}

	private HttpResponse<String> post(RunningService to, String path, String body, String... headers) {
		return to.post(path, body,
				Stream
					.concat(Stream.of("Authorization", "Bearer " + this.key, "Content-Type", "application/json"),
							Stream.of(headers))
					.toArray(String[]::new));
	}

	private JsonNode find(String id) {
		return find(service, id);
	}

	private JsonNode find(RunningService in, String id) {
		HttpResponse<String> found = in.get("/v1/jobs/" + id, "Authorization", "Bearer " + this.key);
		assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
		return RunningService.json(found);
	}

	private JsonNode list(String query) {
		return list(service, query);
	}

	private JsonNode list(RunningService in, String query) {
		return RunningService.json(in.get("/v1/jobs" + query, "Authorization", "Bearer " + this.key));
	}

	private static String id(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isLessThan(300);
		return RunningService.json(response).get("id").asString();
	}

	private static String header(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response.headers().firstValue("X-Job-Id").orElseThrow();
	}

}
