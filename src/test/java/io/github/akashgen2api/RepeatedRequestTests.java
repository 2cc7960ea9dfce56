package io.github.akashgen2api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who sends the same request again, as SDKs do by themselves, gets the picture that he
 * never got; and by an {@code Idempotency-Key} the very same one.
 */
class RepeatedRequestTests {

	private static final int NEVER = 1_000_000;

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = service();

	private static RunningService service(String... settings) {
		return RunningService.against(akashGen, withUsual(settings));
	}

	private static String[] withUsual(String... settings) {
		return Stream
			.concat(Stream.of("API_KEY=k,k2", "ADOPT_WITHIN=5m", "FOLLOW_FOR=1m", "POLL_MAX_ATTEMPTS=200"),
					Stream.of(settings))
			.toArray(String[]::new);
	}

	@Test
	void jobOfACallerWhoWentAwayIsTakenUpByTheSameRequest() throws IOException {
		jobs(NEVER, "gone-1");
		leave(begin(service, "gone"));
		akashGen.finishJobs();
		assertThat(idOf(service.complete("gone"))).isEqualTo("gone-1");
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void jobThatIsStillBeingSubmittedIsTakenUpToo() throws IOException {
		jobs(1, "early-1");
		akashGen.chat(AkashGenDouble.text(AkashGenDouble.tag("early-1", "p", "")).withFixedDelay(500));
		Socket early = ask(service, "early");
		Awaitility.await().until(() -> akashGen.submits().size() == 1);
		leave(early);
		assertThat(idOf(service.complete("early"))).isEqualTo("early-1");
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void pictureThatNobodyWaitedForAnyLongerIsTakenUpWhenItIsKept() throws IOException {
		jobs(NEVER, "kept-1");
		leave(begin(service, "kept"));
		akashGen.finishJobs();
		Awaitility.await().until(() -> akashGen.downloads("kept-1") == 1);
		assertThat(idOf(service.complete("kept"))).isEqualTo("kept-1");
		assertThat(akashGen.downloads("kept-1")).isEqualTo(1);
		assertThat(akashGen.submits()).hasSize(1);
	}

	/** OpenAI's SDKs repeat a request twice by themselves. */
	@Test
	void jobIsTakenUpUntilItsImageIsDelivered() {
		try (RunningService live = service("openai.stream.interval=20ms", "openai.stream.start-delay=20ms")) {
			jobs(NEVER, "until-1", "until-2");
			String body = "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"until\"}]}";
			live.beginAndLeave(body);
			live.beginAndLeave(body);
			live.beginAndLeave(body);
			Awaitility.await().until(() -> akashGen.looks("until-1") > 0);
			akashGen.finishJobs();
			assertThat(live.post(body).body()).contains("until-1");
			assertThat(akashGen.submits()).hasSize(1);
			assertThat(live.post(body).body()).contains("until-2");
		}
	}

	@Test
	void deliveredPictureIsNotForTheNextWhoAsksTheSame() {
		jobs(1, "again-1", "again-2");
		assertThat(idOf(service.complete("again"))).isEqualTo("again-1");
		assertThat(idOf(service.complete("again"))).isEqualTo("again-2");
	}

	@Test
	void streamedPictureIsNotForTheNextWhoAsksTheSame() {
		jobs(1, "again-3", "again-4");
		String body = "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"stream\"}]}";
		assertThat(service.post(body).body()).contains("again-3");
		assertThat(service.post(body).body()).contains("again-4");
	}

	@Test
	void pendingAnswerIsAnAnswer() {
		jobs(1, "pending-1", "pending-2");
		String body = "{\"waitForImage\":false,\"messages\":[{\"role\":\"user\",\"content\":\"pending\"}]}";
		assertThat(idOf(service.post(body))).isEqualTo("pending-1");
		assertThat(idOf(service.post(body))).isEqualTo("pending-2");
	}

	@Test
	void jobOfACallerWhoStillWaitsIsHis() throws IOException {
		jobs(NEVER, "mine-1", "mine-2");
		try (Socket waiting = begin(service, "mine")) {
			try (Socket other = begin(service, "mine")) {
				assertThat(akashGen.submits()).hasSize(2);
				akashGen.finishJobs();
				assertThat(answer(other)).contains("mine-2");
			}
			assertThat(answer(waiting)).contains("mine-1");
		}
	}

	@Test
	void jobOfACallerWhoRanOutOfTimeIsTakenUp() {
		try (RunningService hasty = service("POLL_MAX_ATTEMPTS=3")) {
			jobs(NEVER, "slow-1");
			assertThat(hasty.complete("slow").statusCode()).isEqualTo(504);
			akashGen.finishJobs();
			assertThat(idOf(hasty.complete("slow"))).isEqualTo("slow-1");
			assertThat(akashGen.submits()).hasSize(1);
		}
	}

	@Test
	void streamOfACallerWhoWentAwayIsTakenUp() {
		try (RunningService live = service("openai.stream.interval=20ms", "openai.stream.start-delay=20ms")) {
			jobs(NEVER, "live-1");
			String body = "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"live\"}]}";
			live.beginAndLeave(body);
			akashGen.finishJobs();
			assertThat(live.post(body).body()).contains("live-1");
			assertThat(akashGen.submits()).hasSize(1);
		}
	}

	@Test
	void severalPicturesOfOneRequestAreTakenUpTogether() throws IOException {
		jobs(NEVER, "two-1", "two-2");
		String body = "{\"prompt\":\"two\",\"n\":2,\"response_format\":\"url\"}";
		Socket left = send(service, "/v1/images/generations", body);
		Awaitility.await().until(() -> akashGen.looks("two-1") > 0 && akashGen.looks("two-2") > 0);
		leave(left);
		akashGen.finishJobs();
		HttpResponse<String> answer = service.post("/v1/images/generations", body, "Authorization", "Bearer k");
		assertThat(answer.body()).contains("two-1", "two-2");
		assertThat(akashGen.submits()).hasSize(2);
	}

	@Test
	void jobThatFailedIsNotTakenUp() throws IOException {
		jobs(NEVER, "failed-1", "failed-2");
		Socket left = begin(service, "failed");
		akashGen.server.resetMappings();
		akashGen.reset();
		akashGen.jobs("failed-2");
		akashGen.statusOf("failed-1", "failed", "no worker");
		akashGen.pictureOf("failed-2", AkashGenDouble.PICTURE);
		// Until this is told, the job may still succeed.
		assertThat(answer(left)).contains("no worker");
		leave(left);
		assertThat(idOf(service.complete("failed"))).isEqualTo("failed-2");
	}

	@Test
	void anotherKeyOrAnotherTextBeginsAnew() throws IOException {
		jobs(NEVER, "own-1", "own-2", "own-3");
		leave(begin(service, "own"));
		akashGen.finishJobs();
		assertThat(idOf(service.complete("other"))).isEqualTo("own-2");
		assertThat(idOf(service.post("/v1/chat/completions", body("own"), "Authorization", "Bearer k2")))
			.isEqualTo("own-3");
	}

	@Test
	void jobIsNotTakenUpWhenItsTimeIsOver() throws IOException {
		try (RunningService forgetful = service("ADOPT_WITHIN=1ms")) {
			jobs(NEVER, "late-1", "late-2");
			leave(begin(forgetful, "late"));
			akashGen.finishJobs();
			assertThat(idOf(forgetful.complete("late"))).isEqualTo("late-2");
		}
	}

	@Test
	void jobIsFollowedAndTakenUpAfterARestart(@TempDir Path directory) throws IOException {
		jobs(NEVER, "restart-1");
		try (RunningService first = service("JOB_STORE_DIR=" + directory)) {
			leave(begin(first, "restart"));
		}
		akashGen.finishJobs();
		try (RunningService second = service("JOB_STORE_DIR=" + directory)) {
			Awaitility.await().until(() -> akashGen.downloads("restart-1") == 1);
			assertThat(idOf(second.complete("restart"))).isEqualTo("restart-1");
			assertThat(akashGen.submits()).hasSize(1);
			assertThat(akashGen.downloads("restart-1")).isEqualTo(1);
			akashGen.job("restart-2", 1);
			akashGen.jobs("restart-2");
			assertThat(idOf(second.complete("restart"))).isEqualTo("restart-2");
		}
	}

	@Test
	void jobOfAProcessThatHasNotLetGoYetIsFollowedWhenItHas(@TempDir Path directory) throws IOException {
		jobs(NEVER, "held-1");
		RunningService second;
		try (RunningService first = service("JOB_STORE_DIR=" + directory)) {
			leave(begin(first, "held"));
			second = service("JOB_STORE_DIR=" + directory, "jobs.reopen-after=20ms");
		}
		try (second) {
			akashGen.finishJobs();
			Awaitility.await().until(() -> akashGen.downloads("held-1") == 1);
			assertThat(idOf(second.complete("held"))).isEqualTo("held-1");
		}
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void firstCallerAfterARestartGetsThePictureThatHeAskedForBefore(@TempDir Path directory) {
		jobs(1, "first-1", "first-2");
		try (RunningService first = service("JOB_STORE_DIR=" + directory)) {
			assertThat(idOf(complete(first, "first", "f"))).isEqualTo("first-1");
		}
		AtomicReference<HttpResponse<String>> response = new AtomicReference<>();
		try (RunningService _ = RunningService.askedBy((second) -> response.set(complete(second, "first", "f")),
				akashGen, withUsual("JOB_STORE_DIR=" + directory))) {
			assertThat(idOf(response.get())).isEqualTo("first-1");
		}
	}

	@Test
	void sameIdempotencyKeyBringsTheSamePictureAfterItWasDelivered() {
		jobs(1, "key-1", "key-2");
		HttpResponse<String> first = complete(service, "key", "a");
		HttpResponse<String> second = complete(service, "key", "a");
		assertThat(idOf(first)).isEqualTo("key-1");
		assertThat(withoutTime(second)).isEqualTo(withoutTime(first));
		assertThat(idOf(complete(service, "key", "b"))).isEqualTo("key-2");
		assertThat(akashGen.submits()).hasSize(2);
	}

	@Test
	void sameIdempotencyKeyAtTheSameTimeBringsOneJob() {
		jobs(3, "at-once-1");
		List<HttpResponse<String>> answers = RunningService.atOnce(10, () -> complete(service, "at once", "c"));
		assertThat(answers.stream().map(RepeatedRequestTests::idOf)).containsOnly("at-once-1");
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void sameIdempotencyKeyBringsTheSamePictureAfterARestart(@TempDir Path directory) {
		jobs(1, "replay-1");
		try (RunningService first = service("JOB_STORE_DIR=" + directory)) {
			assertThat(idOf(complete(first, "replay", "d"))).isEqualTo("replay-1");
		}
		try (RunningService second = service("JOB_STORE_DIR=" + directory)) {
			assertThat(idOf(complete(second, "replay", "d"))).isEqualTo("replay-1");
			assertThat(akashGen.submits()).hasSize(1);
		}
	}

	@Test
	void idempotencyKeyWithAnotherBodyIsRefused() {
		jobs(1, "reused-1");
		assertThat(complete(service, "first", "e").statusCode()).isEqualTo(200);
		HttpResponse<String> refused = complete(service, "second", "e");
		assertThat(refused.statusCode()).isEqualTo(422);
		assertThat(refused.body()).isEqualTo("{\"error\":\"Idempotency-Key came with another request before\"}");
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void idempotencyKeysAreEachCallersOwn() {
		jobs(1, "own-key-1", "own-key-2");
		assertThat(idOf(complete(service, "own key", "f"))).isEqualTo("own-key-1");
		assertThat(idOf(service.post("/v1/chat/completions", body("own key"), "Authorization", "Bearer k2",
				"Idempotency-Key", "f")))
			.isEqualTo("own-key-2");
	}

	@Test
	void sameIdempotencyKeyMayTryAgainWhereNoJobWasQueued() {
		akashGen.chat(AkashGenDouble.json(500, "{\"error\":\"Error generating image\",\"message\":\"No workers\"}"));
		assertThat(complete(service, "retry", "g").statusCode()).isEqualTo(502);
		jobs(1, "retry-1");
		assertThat(idOf(complete(service, "retry", "g"))).isEqualTo("retry-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a b", "ü" })
	void idempotencyKeyThatIsNoneIsRefused(String key) throws IOException {
		try (Socket socket = send(service, "/v1/chat/completions", body("x"), "Idempotency-Key: " + key)) {
			assertThat(answer(socket)).startsWith("HTTP/1.1 400 ")
				.endsWith(
						"{\"error\":\"Idempotency-Key must be 1 to 255 visible ASCII characters\",\"details\":\"Idempotency-Key\"}");
		}
		assertThat(akashGen.submits()).isEmpty();
	}

	private static void jobs(int looks, String... ids) {
		akashGen.jobs(ids);
		for (String id : ids) {
			akashGen.job(id, looks);
		}
	}

	private static HttpResponse<String> complete(RunningService service, String prompt, String idempotencyKey) {
		return service.post("/v1/chat/completions", body(prompt), "Authorization", "Bearer k", "Idempotency-Key",
				idempotencyKey);
	}

	private static String body(String prompt) {
		return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
	}

	private static Socket ask(RunningService service, String prompt) {
		return send(service, "/v1/chat/completions", body(prompt));
	}

	/** Ask, and come back when the job is being waited for. */
	private static Socket begin(RunningService service, String prompt) {
		int polls = akashGen.polls();
		int submits = akashGen.submits().size();
		Socket socket = ask(service, prompt);
		Awaitility.await()
			.pollInterval(Duration.ofMillis(10))
			.until(() -> akashGen.submits().size() > submits && akashGen.polls() > polls + 2);
		return socket;
	}

	private static Socket send(RunningService service, String path, String body, String... headers) {
		try {
			Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort());
			String head = "POST " + path
					+ " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nConnection: close\r\nContent-Length: "
					+ body.length() + "\r\n"
					+ Stream.of(headers).map((header) -> header + "\r\n").reduce("", String::concat);
			socket.getOutputStream().write((head + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
			return socket;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** As an SDK does whose patience is over. */
	private static void leave(Socket socket) throws IOException {
		socket.close();
	}

	private static String answer(Socket socket) throws IOException {
		return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	private static String idOf(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return RunningService.json(response).get("id").asString();
	}

	private static String withoutTime(HttpResponse<String> response) {
		return response.body().replaceFirst("\"created\":\\d+", "");
	}

}
