package io.github.akashgen2api.akash;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.akashgen2api.budget.ProcessorShare;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.BDDMockito;

import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StatusReader}, and for what {@link AkashGenClient} makes of the
 * answers that say nothing of a job.
 */
class StatusReaderTests {

	private static final JobId ID = new JobId("44a92033-bf9f-411a-b007-4343bc72701d");

	private final MemoryImageSink images = new MemoryImageSink();

	private static final BaseUrl BASE = BaseUrl.valueOf("https://chat.akash.network");

	private static final ResponseExcerpt EXCERPT = new ResponseExcerpt(200, "text/plain;charset=UTF-8", "[…", 10);

	static Stream<Arguments> recordedStatuses() {
		return Stream.of(recorded("july-2025/5a-status-waiting-no-cookie", ID, (answer) -> pending(1, answer)),
				recorded("july-2025/5d-status-pending", ID, (answer) -> pending(0, answer)),
				recorded("july-2025/5e-status-succeeded", ID,
						(answer) -> succeededInTwoSeconds("job_44a92033_00001_.webp", answer)),
				recorded("july-2025/5g-status-failed", new JobId("102f7b77-d923-4dce-abfd-5593f6dcc7d3"),
						(answer) -> new JobStatus.Failed(
								"Failed to parse worker response: error decoding response body", answer)),
				recorded("july-2025/5h-status-three-ids", new JobId("511bfaba-c7bc-4017-ab08-4a5f5b1883ba"),
						(answer) -> succeeded("job_511bfaba_00001_.webp", answer)),
				recorded("july-2025/5h-status-three-ids", ID,
						(answer) -> succeededInTwoSeconds("job_44a92033_00001_.webp", answer)),
				recorded("july-2025/5h-status-three-ids", new JobId("138acaa5-a71a-4161-8314-cdf543ff123e"),
						(answer) -> pending(1, answer)),
				recorded("july-2025/5h-status-three-ids", new JobId("unknown"), JobStatus.Absent::new),
				recorded("july-2025/5j-status-one-unknown", ID, JobStatus.Absent::new),
				recorded("july-2025/5k-status-unknown", new JobId("11111111-1111-1111-1111-111111111111"),
						JobStatus.Absent::new),
				recorded("july-2025/5v-status-succeeded-no-result", new JobId("02ff90bb-efbd-45a7-ae1a-86f832e634fe"),
						JobStatus.SucceededEmpty::new),
				recorded("july-2025/5x-status-cancelled", new JobId("7eec50ca-f828-4acf-99aa-035f65ec3da4"),
						(answer) -> new JobStatus.Failed("AkashGen ended the job with the status 'cancelled'", answer)),
				recorded("july-2025/5y-status-timeout", new JobId("3ddbca17-6193-466f-aa77-d4ee52e18202"),
						(answer) -> new JobStatus.Failed("AkashGen ended the job with the status 'timeout'", answer)),
				recorded("july-2025/9g-status-middleware-200-string", new JobId("str"), JobStatus.Absent::new),
				recorded("may-2026/c1-image-status", new JobId("c29442ed-936f-404f-bddb-a39cdd5dd07f"),
						(answer) -> succeededInTwoSeconds("job_c29442ed_00001_.webp", answer)),
				recorded("may-2026/c3-image-status-unknown", new JobId("nope"), JobStatus.Absent::new));
	}

	static Stream<Arguments> recordedTroubles() {
		return Stream.of(
				Arguments.of("july-2025/9d-status-middleware-502-html", AkashGenException.Unavailable.class,
						"AkashGen answered 502 when asked for job status", "Middleware error: 502"),
				Arguments.of("july-2025/9i-status-middleware-401", AkashGenException.UnexpectedAnswer.class,
						"AkashGen answered 401 when asked for job status, in a way that this service does not understand",
						"Middleware error: 401"));
	}

	@ParameterizedTest
	@MethodSource("recordedStatuses")
	void statusOfWhenRecordedIsUnderstood(Recording recording, JobId id, JobStatus expected) {
		assertThat(client(recording.answer()).statusOf(id)).isEqualTo(expected);
	}

	@ParameterizedTest
	@MethodSource("recordedTroubles")
	void statusOfWhenRecordedTroubleSaysSo(String name, Class<? extends AkashGenException> type, String message,
			String words) {
		AkashGenClient client = client(Recording.named(name).answer());
		assertThatExceptionOfType(type).isThrownBy(() -> client.statusOf(ID))
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.upstreamMessage()).isEqualTo(words));
	}

	@Test
	void allRecordedStatusesAreTested() {
		Stream<String> tested = Stream.concat(
				recordedStatuses().map((arguments) -> ((Recording) arguments.get()[0]).name()),
				recordedTroubles().map((arguments) -> (String) arguments.get()[0]));
		assertThat(Recording.all()).filteredOn((recording) -> recording.path().startsWith("/api/image-status"))
			.extracting(Recording::name)
			.containsExactlyInAnyOrderElementsOf(tested.distinct().toList());
	}

	@ParameterizedTest
	@CsvSource({ "waiting, 3", "pending, 0", "PENDING, 2", "' Waiting ', 1" })
	void readWhenUnfinishedIsPendingWithItsPlaceInTheQueue(String word, int queuePosition) {
		assertThat(read(row(word, "", queuePosition))).isEqualTo(pending(queuePosition, EXCERPT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "\"first\"", "{}", "1e300" })
	void readWhenPlaceInTheQueueIsOddTakesItForUnknown(String queuePosition) {
		assertThat(read("[{'job_id':'%s','status':'pending','queue_position':%s}]".formatted(ID, queuePosition)))
			.isEqualTo(pending(0, EXCERPT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "succeeded", "completed" })
	void readWhenDoneHasTheImagesLocation(String word) {
		assertThat(read(row(word, "/api/image/a.webp", 0))).isEqualTo(succeeded("a.webp", EXCERPT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "webp", "png", "svg+xml", "vnd.x-y.z" })
	void readWhenCompletedWithADataUrlStoresTheImageItself(String subtype) {
		byte[] bytes = AkashGenSamples.paintingBytes("fox");
		assertThat(read(row("completed", dataUrl(subtype, bytes), 0))).isEqualTo(inline());
		assertThat(this.images.images).containsOnly(Map.entry(ID, bytes));
		assertThat(this.images.open).hasValue(0);
	}

	@Test
	void readWhenKeysComeInAnyOrderStoresTheImageOfItsJob() {
		byte[] fox = AkashGenSamples.paintingBytes("fox");
		byte[] cat = AkashGenSamples.paintingBytes("cat");
		JobId other = new JobId("other");
		Map<JobId, JobStatus> statuses = readAll(
				"[{'result':'%s','status':'completed','job_id':'other'},{'status':'completed','preview':'%s','result':'%s','job_id':'%s'}]"
					.formatted(dataUrl("webp", cat), dataUrl("webp", fox), dataUrl("webp", fox), ID),
				List.of(ID, other));
		assertThat(statuses).containsOnlyKeys(ID, other);
		assertThat(this.images.images).containsOnly(Map.entry(ID, fox), Map.entry(other, cat));
		assertThat(this.images.open).hasValue(0);
	}

	@Test
	void readWhenBase64HasEscapedSlashesDecodesIt() {
		byte[] bytes = AkashGenSamples.paintingBytes("fox");
		assertThat(read(row("completed", dataUrl("webp", bytes).replace("/", "\\/"), 0))).isEqualTo(inline());
		assertThat(this.images.images).containsOnly(Map.entry(ID, bytes));
	}

	@ParameterizedTest
	@ValueSource(strings = { "#0", "#4711", "UklG-RlQX", "=", "UklG====", "UklGUklG=UklG" })
	void readWhenDataUrlHoldsNoBase64SaysSo(String base64) {
		JobStatus status = read(row("completed", "data:image/webp;base64," + base64, 0));
		assertThat(status).isInstanceOfSatisfying(JobStatus.Succeeded.class,
				(done) -> assertThat(done.location()).isInstanceOf(ImageLocation.Invalid.class));
		assertThat(this.images.images).isEmpty();
		assertThat(this.images.open).hasValue(0);
	}

	@Test
	void readWhenDataUrlHoldsNoImageSaysWhy() {
		JobStatus status = read(row("completed", dataUrl("webp", new byte[1000]), 0));
		assertThat(status).isEqualTo(new JobStatus.Succeeded(new ImageLocation.Invalid("neither WebP, PNG nor JPEG"),
				Duration.ZERO, status.answer()));
		assertThat(read(row("completed", "data:image/webp;base64,", 0))).isInstanceOfSatisfying(
				JobStatus.Succeeded.class,
				(done) -> assertThat(done.location()).isEqualTo(new ImageLocation.Invalid("empty")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "failed", "pending", "resting" })
	void readWhenAnUnfinishedRowHoldsAnImageDoesNotStoreIt(String word) {
		read(row(word, dataUrl("webp", AkashGenSamples.paintingBytes("fox")), 0));
		assertThat(this.images.images).isEmpty();
		assertThat(this.images.open).hasValue(0);
	}

	@Test
	void readWhenAnImageIsOfNoJobThatWasAskedForDoesNotStoreIt() {
		String row = row("completed", dataUrl("webp", AkashGenSamples.paintingBytes("fox")), 0);
		assertThat(read(row.replace(ID.value(), "other"))).isEqualTo(new JobStatus.Absent(EXCERPT));
		assertThat(this.images.images).isEmpty();
		assertThat(this.images.open).hasValue(0);
	}

	@Test
	void readWhenTheAnswerIsCutAfterARowKeepsIt() {
		byte[] bytes = AkashGenSamples.paintingBytes("fox");
		String row = row("completed", dataUrl("webp", bytes), 0);
		StatusReader reader = reader(row.substring(0, row.length() - 1) + ",{'job_id':'ot", List.of(ID));
		assertThatExceptionOfType(JsonScanner.MalformedException.class).isThrownBy(reader::read);
		assertThat(reader.statuses()).containsOnlyKeys(ID);
		assertThat(this.images.images).containsOnlyKeys(ID);
	}

	@Test
	void readWhenTheAnswerIsCutWithinAnImageStoresNothing() {
		String row = row("completed", dataUrl("webp", AkashGenSamples.paintingBytes("fox")), 0);
		StatusReader reader = reader(row.substring(0, row.length() / 2), List.of(ID));
		assertThatExceptionOfType(JsonScanner.MalformedException.class).isThrownBy(reader::read);
		assertThat(reader.statuses()).isEmpty();
		assertThat(this.images.images).isEmpty();
		assertThat(this.images.open).hasValue(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "result", "worker_name", "job_id", "status" })
	void readWhenAFieldIsHugeStopsAtOneMegabyte(String field) {
		StatusReader reader = new StatusReader(endless("[{\"" + field + "\":\"", "x".repeat(64 * 1024)), List.of(ID),
				this.images, BASE, (_) -> EXCERPT);
		long before = allocated();
		assertThatExceptionOfType(JsonScanner.TooLargeException.class).isThrownBy(reader::read);
		assertThat(allocated() - before).as("no more than the answer itself").isLessThan(256 * 1024);
	}

	@Test
	void readWhenImagesAreEndlessStopsAtTheBound() {
		StatusReader reader = new StatusReader(endless("[{\"preview\":\"data:image/webp;base64,", "A".repeat(8192)),
				List.of(ID), this.images, BASE, (_) -> EXCERPT);
		assertThatExceptionOfType(JsonScanner.TooLargeException.class).isThrownBy(reader::read);
	}

	@Test
	void readWhenNestedWithoutEndStops() {
		StatusReader reader = new StatusReader(endless("[{\"x\":", "[".repeat(1024)), List.of(ID), this.images, BASE,
				(_) -> EXCERPT);
		assertThatExceptionOfType(JsonScanner.MalformedException.class).isThrownBy(reader::read);
	}

	@Test
	void readWhenStringsHaveEscapesUnderstandsThem() {
		assertThat(read("[{'job_id':'%s','status':'failed','result':'a \\u00e9 \\ud83e\\udd8a \\\\ \\/ \\n \\\"'}]"
			.formatted(ID))).isEqualTo(new JobStatus.Failed("a é 🦊 \\ / \n \"", EXCERPT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "succeeded", "completed" })
	void readWhenDoneWithoutAResultIsEmpty(String word) {
		assertThat(read(row(word, "", 0))).isEqualTo(new JobStatus.SucceededEmpty(EXCERPT));
		assertThat(read(row(word, " ", 0))).isEqualTo(new JobStatus.SucceededEmpty(EXCERPT));
		assertThat(read("[{'job_id':'%s','status':'%s','result':null}]".formatted(ID, word)))
			.isEqualTo(new JobStatus.SucceededEmpty(EXCERPT));
		assertThat(read("[{'job_id':'%s','status':'%s'}]".formatted(ID, word)))
			.isEqualTo(new JobStatus.SucceededEmpty(EXCERPT));
	}

	@Test
	void readWhenDoneWithAFailureForAResultIsFailed() {
		assertThat(read(row("completed", "Failed to parse worker response", 0)))
			.isEqualTo(new JobStatus.Failed("Failed to parse worker response", EXCERPT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "failed", "cancelled", "timeout", "error" })
	void readWhenGivenUpIsFailedForTheReasonInTheResult(String word) {
		assertThat(read(row(word, "out of memory", 0))).isEqualTo(new JobStatus.Failed("out of memory", EXCERPT));
		assertThat(read(row(word, "", 0)))
			.isEqualTo(new JobStatus.Failed("AkashGen ended the job with the status '" + word + "'", EXCERPT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "paused", "success", "" })
	void readWhenTheWordIsUnknownNamesIt(String word) {
		assertThat(read(row(word, "/api/image/a.webp", 0))).isEqualTo(new JobStatus.Unrecognised(word, EXCERPT));
	}

	@Test
	void readWhenThereIsNoWordIsUnrecognised() {
		assertThat(read("[{'job_id':'%s'}]".formatted(ID))).isEqualTo(new JobStatus.Unrecognised("", EXCERPT));
	}

	@Test
	void readWhenTheOnlyRowHasNoIdTakesIt() {
		assertThat(read("[{'status':'waiting','queue_position':4}]")).isEqualTo(pending(4, EXCERPT));
	}

	@Test
	void readWhenOneOfTwoRowsHasNoIdTakesNeither() {
		assertThat(read("[{'status':'failed'},{'job_id':'other','status':'failed'}]"))
			.isEqualTo(new JobStatus.Absent(EXCERPT));
	}

	@Test
	void readWhenTheOnlyRowIsOfAnotherJobDoesNotTakeIt() {
		assertThat(read("[{'job_id':'other','status':'failed'}]")).isEqualTo(new JobStatus.Absent(EXCERPT));
	}

	@Test
	void readWhenRowsAreOutOfOrderTakesTheOneWithTheId() {
		assertThat(
				read("[{'job_id':'other','status':'failed'},null,7,{'job_id':'%s','status':'pending'}]".formatted(ID)))
			.isEqualTo(pending(0, EXCERPT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "{}", "{'error':'x'}", "'Job not found: x'", "null", "5", "[null]", "['x']",
			"[[{'status':'pending'}]]" })
	void readWhenNothingIsSaidOfTheJobIsAbsent(String json) {
		assertThat(read(json)).isEqualTo(new JobStatus.Absent(EXCERPT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "not JSON", "[{\"job_id\":", "[] trailing" })
	void statusOfWhenNoJsonIsUnexpected(String body) {
		AkashGenClient client = client(answer(200, body, UpstreamResponse.End.PROPER));
		assertThatExceptionOfType(AkashGenException.UnexpectedAnswer.class).isThrownBy(() -> client.statusOf(ID))
			.withMessage(
					"AkashGen answered 200 when asked for job status, in a way that this service does not understand");
	}

	@Test
	void statusOfWhenWebPageSaysSo() {
		AkashGenClient client = client(
				answer(200, "\n<!DOCTYPE html><title>Just a moment...</title>", UpstreamResponse.End.PROPER));
		assertThatExceptionOfType(AkashGenException.UnexpectedAnswer.class).isThrownBy(() -> client.statusOf(ID))
			.withMessage(
					"AkashGen answered 200 with a web page when asked for job status: a challenge or an outage page")
			.satisfies((ex) -> assertThat(ex.upstreamMessage()).isEmpty());
	}

	@Test
	void statusOfWhenCutSaysSo() {
		AkashGenClient client = client(answer(200, "[]", UpstreamResponse.End.CUT));
		assertThatExceptionOfType(AkashGenException.UnexpectedAnswer.class).isThrownBy(() -> client.statusOf(ID))
			.withMessage("AkashGen answered 200 when asked for job status, but the answer was cut");
	}

	private static Arguments recorded(String name, JobId id, Function<ResponseExcerpt, JobStatus> expected) {
		Recording recording = Recording.named(name);
		return Arguments.of(recording, id, expected.apply(recording.answer().excerpt()));
	}

	@Test
	void fetchWhenAnImageThatCameWithAStatusIsGoneAsksForItAgain() {
		byte[] bytes = AkashGenSamples.paintingBytes("fox");
		String row = row("completed", dataUrl("webp", bytes), 0);
		UpstreamResponse answer = answer(200, row.replace('\'', '"'), UpstreamResponse.End.PROPER);
		client(answer).fetch(ID, new ImageLocation.Inline());
		assertThat(this.images.images).containsOnly(Map.entry(ID, bytes));
	}

	@Test
	void fetchWhenAkashGenNoLongerHasTheImageSaysSo() {
		UpstreamResponse answer = answer(200, "[]", UpstreamResponse.End.PROPER);
		AkashGenClient client = client(answer);
		assertThatExceptionOfType(AkashGenException.UnexpectedAnswer.class)
			.isThrownBy(() -> client.fetch(ID, new ImageLocation.Inline()))
			.withMessage("AkashGen no longer has the image");
	}

	private static JobStatus pending(int queuePosition, ResponseExcerpt answer) {
		return new JobStatus.Pending(queuePosition, answer);
	}

	private static JobStatus succeededInTwoSeconds(String file, ResponseExcerpt answer) {
		return new JobStatus.Succeeded(new ImageLocation.File(file), Duration.ofSeconds(2), answer);
	}

	private static JobStatus succeeded(String file, ResponseExcerpt answer) {
		return new JobStatus.Succeeded(new ImageLocation.File(file), Duration.ZERO, answer);
	}

	private static String row(String status, String result, int queuePosition) {
		return "[{'job_id':'%s','status':'%s','result':'%s','queue_position':%d}]".formatted(ID, status, result,
				queuePosition);
	}

	private static String dataUrl(String subtype, byte[] bytes) {
		return "data:image/" + subtype + ";base64," + Base64.getEncoder().encodeToString(bytes);
	}

	private static JobStatus inline() {
		return new JobStatus.Succeeded(new ImageLocation.Inline(), Duration.ZERO, EXCERPT);
	}

	/** Far more than is ever read. */
	private static InputStream endless(String start, String more) {
		byte[] bytes = (start + more.repeat(30_000_000 / more.length())).getBytes(StandardCharsets.UTF_8);
		return new ByteArrayInputStream(bytes);
	}

	private static long allocated() {
		return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

	/** Reads JSON that is written with apostrophes for quotes. */
	private JobStatus read(String json) {
		return readAll(json, List.of(ID)).getOrDefault(ID, new JobStatus.Absent(EXCERPT));
	}

	private Map<JobId, JobStatus> readAll(String json, List<JobId> ids) {
		StatusReader reader = reader(json, ids);
		try {
			reader.read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return reader.statuses();
	}

	private StatusReader reader(String json, List<JobId> ids) {
		return new StatusReader(new ByteArrayInputStream(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)), ids,
				this.images, BASE, (_) -> EXCERPT);
	}

	private static UpstreamResponse answer(int status, String body, UpstreamResponse.End end) {
		return new UpstreamResponse("job status", status, new HttpHeaders(), body.getBytes(StandardCharsets.UTF_8), end,
				Recording.JSON);
	}

	private AkashGenClient client(UpstreamResponse answer) {
		AkashGenProperties settings = new AkashGenProperties(BASE, null, null, null, "tests", Duration.ofSeconds(1),
				Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
		UpstreamClientFactory upstream = new AnsweringUpstream(settings, answer);
		AvailabilityGuard outage = new AvailabilityGuard(upstream, settings,
				new AvailabilityProperties(5, Duration.ofSeconds(5)));
		return new AkashGenClient(upstream, new SessionProvider(upstream, outage, settings), outage, settings,
				this.images, new ProcessorShare(), Recording.JSON, InstantSource.fixed(Instant.EPOCH));
	}

	/** Answers without a connection. */
	private static final class AnsweringUpstream extends UpstreamClientFactory {

		private final UpstreamResponse answer;

		AnsweringUpstream(AkashGenProperties settings, UpstreamResponse answer) {
			super(settings, new ProxyProperties(null, null, NoProxyHosts.valueOf("")), Recording.JSON);
			this.answer = answer;
		}

		@Override
		UpstreamClient client(String what, Duration timeout, DataSize limit) {
			UpstreamClient upstream = BDDMockito.mock();
			BDDMockito.given(upstream.exchange(BDDMockito.any(), BDDMockito.any(), BDDMockito.any()))
				.willAnswer((call) -> answer(call.getArgument(1), call.getArgument(2)));
			return upstream;
		}

		private Object answer(Function<StreamedResponse, ?> reader, Function<UpstreamResponse, ?> otherwise) {
			if (this.answer.status() != 200) {
				return otherwise.apply(this.answer);
			}
			InputStream body = new ByteArrayInputStream(this.answer.body());
			InputStream cut = new SequenceInputStream(body, new FilterInputStream(InputStream.nullInputStream()) {

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					throw new IOException("Connection reset");
				}

			});
			HttpHeaders headers = new HttpHeaders();
			this.answer.headers("Content-Type").forEach((type) -> headers.add("Content-Type", type));
			return reader.apply(new StreamedResponse("job status", headers, this.answer.isWhole() ? body : cut,
					() -> false, Recording.JSON));
		}

	}

}
