package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What AkashGen is asked when many wait.
 */
class BatchedPollingTests {

	private static final int UNTIL_TOLD = 1_000_000;

	private static final List<String> PAINTINGS = List.of("fox", "cat", "robot");

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	/** Polls three new jobs together, and never again within a test. */
	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "POLL_INTERVAL=1h", "polling.batch-size=3",
			"polling.batch-window=1h", "polling.batch-pause=1ms");

	private final List<String> jobs = jobs(3);

	@Test
	void jobsOfCallersAtOnceAreAskedForTogether() {
		pictures();
		akashGen.batches(rows("succeeded", 0, 1, 2));
		assertThatAllGetTheirPictures(service);
		assertThat(akashGen.questions()).hasSize(1).first().satisfies(this::areAllJobs);
	}

	@Test
	void rowsAreMatchedByTheirJobsWhateverElseIsThere() {
		pictures();
		akashGen.batches(AkashGenDouble
			.text(JobRows.rows(JobRows.row("stranger", "succeeded", "/api/image/stranger.webp"), row(2, "succeeded"),
					"null", row(0, "succeeded"), row(2, "failed"), "[]", row(1, "succeeded"), row(0, "pending"), "7")));
		assertThatAllGetTheirPictures(service);
		assertThat(akashGen.batches()).hasSize(1);
		assertThat(akashGen.singles()).isEmpty();
	}

	@Test
	void rowWithoutAnIdIsNobodys() {
		pictures();
		akashGen.batches(AkashGenDouble.text(JobRows.rows(row(0, "succeeded"),
				"{\"status\":\"succeeded\",\"result\":\"/api/image/b.webp\"}", row(2, "succeeded"))));
		assertThatAllGetTheirPictures(service);
		assertThat(akashGen.batches()).hasSize(1);
		assertThat(akashGen.singles()).containsExactly(this.jobs.get(1));
	}

	@Test
	void jobThatTheAnswerLeavesOutIsAskedForAlone() {
		pictures();
		akashGen.batches(rows("succeeded", 2, 0));
		assertThatAllGetTheirPictures(service);
		assertThat(akashGen.batches()).hasSize(1);
		assertThat(akashGen.singles()).containsExactly(this.jobs.get(1));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("refusals")
	void jobsOfARefusedBatchAreAskedForAloneAtOnce(String name, ResponseDefinitionBuilder refusal) {
		pictures();
		akashGen.batches(refusal);
		assertThatAllGetTheirPictures(service);
		assertThat(akashGen.batches()).hasSize(1);
		assertThat(akashGen.singles()).containsExactlyInAnyOrderElementsOf(this.jobs);
	}

	static Stream<Arguments> refusals() {
		return Stream.of(Arguments.of("500", AkashGenDouble.json(500, "{\"error\":\"Failed to check image status\"}")),
				Arguments.of("404", AkashGenDouble.json(404, "{\"error\":\"Middleware error: 404\"}")),
				Arguments.of("400", AkashGenDouble.json(400, "{\"error\":\"No job IDs provided\"}")),
				Arguments.of("429", AkashGenDouble.json(429, "{\"error\":\"Too many requests\"}")),
				Arguments.of("web page", AkashGenDouble.html(200)),
				Arguments.of("object", AkashGenDouble.json(200, "{\"status\":\"succeeded\"}")),
				Arguments.of("words", AkashGenDouble.text("\"Job not found: a,b,c\"")),
				Arguments.of("nothing", AkashGenDouble.text("")),
				Arguments.of("empty array", AkashGenDouble.text("[]")),
				Arguments.of("broken", AkashGenDouble.text("[{\"job_id\":")),
				Arguments.of("cut", AkashGenDouble.text("[{\"job_id\":").withHeader("Content-Length", "500")));
	}

	@Test
	void picturesOfTheOlderDialectComeTogether() {
		pictures();
		akashGen.batches(AkashGenDouble.text(IntStream.range(0, 3)
			.mapToObj((i) -> JobRows.row(this.jobs.get(i), "completed", AkashGenDouble.dataUrl(painting(i))))
			.toList()
			.toString()));
		assertThatAllGetTheirPictures(service);
		assertThat(akashGen.questions()).hasSize(1);
		assertThat(akashGen.downloads()).isZero();
	}

	@Test
	void pendingJobsAreAskedForTogetherAtEachTick() {
		queued(4);
		akashGen.batches(AkashGenDouble.rows().withFixedDelay(250), AkashGenDouble.rows());
		try (RunningService ticking = ticking("POLL_INTERVAL=150ms")) {
			assertThatAllAreServed(complete(ticking));
		}
		assertThat(akashGen.questions()).hasSize(4).allSatisfy(this::areAllJobs);
	}

	@Test
	void unknownJobIsAskedForAloneAndDisturbsNobody() {
		String unknown = this.jobs.get(1);
		akashGen.jobs(this.jobs.toArray(String[]::new));
		this.jobs.stream().filter((id) -> !id.equals(unknown)).forEach((id) -> akashGen.job(id, 6));
		try (RunningService ticking = ticking("POLL_INTERVAL=150ms", "polling.batch-window=400ms")) {
			assertThat(complete(ticking)).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 200, 502);
		}
		assertThat(akashGen.batches()).isNotEmpty();
		assertThat(akashGen.questions().stream().filter((ids) -> ids.contains(unknown)).skip(1))
			.allMatch((ids) -> ids.size() == 1)
			.hasSizeGreaterThanOrEqualTo(2);
	}

	@Test
	void batchesThatAreRefusedThreeTimesInARowAreNotSentForAWhile() {
		queued(8);
		akashGen.batches(AkashGenDouble.json(500, "{}"));
		try (RunningService ticking = ticking("POLL_INTERVAL=100ms", "polling.batch-pause=1h")) {
			assertThatAllAreServed(complete(ticking));
		}
		assertThat(akashGen.batches()).hasSize(3);
		assertThat(akashGen.singles()).hasSize(24);
	}

	@Test
	void batchesAreSentAgainAfterThePause() {
		queued(UNTIL_TOLD);
		ResponseDefinitionBuilder refusal = AkashGenDouble.json(500, "{}");
		akashGen.batches(refusal, refusal, refusal, refusal, AkashGenDouble.rows());
		try (RunningService ticking = ticking("POLL_INTERVAL=100ms", "polling.batch-pause=1s")) {
			CompletableFuture<List<HttpResponse<String>>> waiting = inBackground(() -> complete(ticking));
			soon().until(() -> akashGen.batches().size() >= 7);
			akashGen.finishJobs();
			assertThatAllAreServed(waiting.join());
		}
		List<Date> times = akashGen.server.findAll(getRequestedFor(urlPathEqualTo("/api/image-status/")))
			.stream()
			.filter((request) -> AkashGenDouble.ids(request).size() > 1)
			.map(LoggedRequest::getLoggedDate)
			.toList();
		assertThat(Duration.between(times.get(3).toInstant(), times.get(4).toInstant()))
			.isGreaterThan(Duration.ofMillis(900));
	}

	@Test
	void batchWithoutAnAnswerIsRepeatedAtTheNextTick() {
		queued(1);
		akashGen.batches(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER).withFixedDelay(250),
				AkashGenDouble.rows());
		try (RunningService ticking = ticking("POLL_INTERVAL=150ms")) {
			assertThatAllAreServed(complete(ticking));
		}
		assertThat(akashGen.questions()).hasSize(2).allSatisfy(this::areAllJobs);
	}

	@Test
	void jobsBeyondTheBatchSizeTakeSeveralRequests() {
		List<String> five = jobs(5);
		akashGen.jobs(five.toArray(String[]::new));
		five.forEach((id) -> akashGen.job(id, 4));
		try (RunningService ticking = ticking("POLL_INTERVAL=300ms", "polling.batch-size=2",
				"polling.batch-window=100ms")) {
			assertThatAllAreServed(RunningService.atOnce(5, () -> ticking.complete("fox")));
		}
		assertThat(akashGen.questions()).allMatch((ids) -> ids.size() <= 2).hasSizeBetween(12, 16);
		assertThat(five).allMatch((id) -> akashGen.looks(id) == 4);
	}

	@Test
	void eachJobIsAskedForAloneWhereBatchesAreOff() {
		queued(3);
		try (RunningService ticking = ticking("POLL_INTERVAL=50ms", "polling.batch-size=1")) {
			assertThatAllAreServed(complete(ticking));
		}
		assertThat(akashGen.batches()).isEmpty();
		assertThat(akashGen.singles()).hasSize(9);
	}

	@Test
	void callersWhoWaitForOneJobAreOnePoll() {
		String job = this.jobs.getFirst();
		akashGen.job(job, 5);
		try (RunningService ticking = ticking("POLL_INTERVAL=500ms")) {
			assertThat(RunningService.atOnce(20, () -> ticking.bytes("GET", "/images?wait=60&id=" + job)))
				.allMatch((response) -> response.statusCode() == 200);
		}
		assertThat(akashGen.questions()).hasSize(5);
		assertThat(akashGen.downloads()).isEqualTo(1);
	}

	@Test
	void unknownJobOfAStrangerGoesAlone() {
		String stranger = "stranger-" + UUID.randomUUID();
		queued(UNTIL_TOLD);
		akashGen.batches(AkashGenDouble.rows().withFixedDelay(250), AkashGenDouble.rows());
		try (RunningService ticking = ticking("POLL_INTERVAL=150ms")) {
			CompletableFuture<List<HttpResponse<String>>> waiting = inBackground(() -> complete(ticking));
			soon().until(() -> !akashGen.batches().isEmpty());
			assertThat(ticking.get("/images?wait=60&id=" + stranger).statusCode()).isEqualTo(404);
			akashGen.finishJobs();
			assertThatAllAreServed(waiting.join());
		}
		assertThat(akashGen.batches()).hasSizeGreaterThan(1).allSatisfy(this::areAllJobs);
		assertThat(akashGen.singles()).hasSize(3).containsOnly(stranger);
	}

	@Test
	void jobIsFollowedWhenItsCallerHasGivenUp() {
		String job = this.jobs.getFirst();
		akashGen.jobs(job);
		akashGen.job(job, UNTIL_TOLD);
		try (RunningService ticking = impatient("FOLLOW_FOR=30s")) {
			assertThat(ticking.complete("fox").statusCode()).isEqualTo(504);
			assertThatItIsKeptThoughNobodyAsks(ticking, job);
		}
	}

	@Test
	void jobIsFollowedWhenItsCallerHasLeft() {
		String job = this.jobs.getFirst();
		akashGen.jobs(job);
		akashGen.job(job, UNTIL_TOLD);
		try (RunningService ticking = impatient("FOLLOW_FOR=30s", "openai.stream.interval=20ms",
				"openai.stream.start-delay=20ms")) {
			ticking.beginAndLeave("{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}");
			soon().until(() -> akashGen.looks(job) > 4);
			assertThatItIsKeptThoughNobodyAsks(ticking, job);
		}
	}

	@Test
	void jobIsNotFollowedBeyondItsLastCallerWhereThatIsOff() {
		String left = this.jobs.get(0);
		String other = this.jobs.get(1);
		akashGen.jobs(left);
		akashGen.job(left, UNTIL_TOLD);
		try (RunningService ticking = impatient("FOLLOW_FOR=0s")) {
			assertThat(ticking.complete("fox").statusCode()).isEqualTo(504);
			akashGen.job(other, 6);
			assertThat(ticking.get("/images?wait=60&id=" + other).statusCode()).isEqualTo(200);
		}
		assertThat(akashGen.looks(left)).isEqualTo(2);
	}

	@Test
	void callersWhoWaitWhenTheServiceStopsGetTheirPictures() {
		queued(UNTIL_TOLD);
		akashGen.batches(AkashGenDouble.rows().withFixedDelay(250), AkashGenDouble.rows());
		RunningService stopping = ticking("POLL_INTERVAL=150ms");
		CompletableFuture<List<HttpResponse<String>>> waiting = inBackground(() -> complete(stopping));
		soon().until(() -> !akashGen.batches().isEmpty());
		CompletableFuture<Boolean> end = inBackground(() -> {
			stopping.close();
			return true;
		});
		soon().until(stopping::isStopping);
		int before = akashGen.batches().size();
		soon().until(() -> akashGen.batches().size() > before + 3);
		akashGen.finishJobs();
		assertThatAllAreServed(waiting.join());
		assertThat(end.join()).isTrue();
		assertThat(akashGen.questions()).allSatisfy(this::areAllJobs);
	}

	private static List<String> jobs(int count) {
		return IntStream.range(0, count).mapToObj((_) -> UUID.randomUUID().toString()).toList();
	}

	/** Its callers give up after two looks. */
	private static RunningService impatient(String... settings) {
		return ticking(Stream
			.concat(Stream.of("POLL_INTERVAL=100ms", "polling.batch-size=1", "POLL_MAX_ATTEMPTS=2"),
					Stream.of(settings))
			.toArray(String[]::new));
	}

	/** Polls three new jobs together, and all at each tick from then on. */
	private static RunningService ticking(String... settings) {
		return RunningService.against(akashGen,
				Stream
					.concat(Stream.of("polling.batch-size=3", "polling.batch-window=1h", "POLL_MAX_ATTEMPTS=10000",
							"FOLLOW_FOR=10m"), Stream.of(settings))
					.toArray(String[]::new));
	}

	/** A picture of its own for each job, for those who ask for it alone. */
	private void pictures() {
		akashGen.jobs(this.jobs.toArray(String[]::new));
		IntStream.range(0, 3).forEach((i) -> akashGen.pictureOf(this.jobs.get(i), painting(i)));
	}

	private static byte[] painting(int job) {
		return AkashGenDouble.picture(PAINTINGS.get(job));
	}

	/** Jobs that AkashGen knows until the looks are over. */
	private void queued(int looks) {
		akashGen.jobs(this.jobs.toArray(String[]::new));
		this.jobs.forEach((id) -> akashGen.job(id, looks));
	}

	private ResponseDefinitionBuilder rows(String status, int... jobs) {
		return AkashGenDouble
			.text(JobRows.rows(IntStream.of(jobs).mapToObj((job) -> row(job, status)).toArray(String[]::new)));
	}

	private String row(int job, String status) {
		return JobRows.row(this.jobs.get(job), status, AkashGenDouble.file(this.jobs.get(job)));
	}

	private static List<HttpResponse<String>> complete(RunningService service) {
		return RunningService.atOnce(3, () -> service.complete("fox"));
	}

	private static <T> CompletableFuture<T> inBackground(Supplier<T> action) {
		Executor threads = (task) -> Thread.ofVirtual().start(task);
		return CompletableFuture.supplyAsync(action, threads);
	}

	private static ConditionFactory soon() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
	}

	private void areAllJobs(List<? extends String> ids) {
		assertThat(List.<String>copyOf(ids)).containsExactlyInAnyOrderElementsOf(this.jobs);
	}

	private static void assertThatAllAreServed(List<HttpResponse<String>> responses) {
		assertThat(responses).allSatisfy((response) -> {
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains("\"status\":\"completed\"");
		});
	}

	private void assertThatAllGetTheirPictures(RunningService service) {
		assertThatAllAreServed(complete(service));
		for (int i = 0; i < 3; i++) {
			assertThat(service.bytes("GET", "/images?id=" + this.jobs.get(i)).body()).isEqualTo(painting(i));
		}
	}

	private static void assertThatItIsKeptThoughNobodyAsks(RunningService service, String job) {
		assertThat(akashGen.downloads()).isZero();
		akashGen.finishJobs();
		soon().during(Duration.ofMillis(500)).until(() -> akashGen.downloads() == 1);
		int polls = akashGen.polls();
		assertThat(service.bytes("GET", "/images?id=" + job).body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(akashGen.polls()).isEqualTo(polls);
	}

}
