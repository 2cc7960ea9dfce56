package io.github.akashgen2api;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import javax.imageio.ImageIO;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

/**
 * An AkashGen that answers as a test tells it to, and remembers what it was asked. As an
 * extension it begins anew for each test, and ends with the last.
 */
final class AkashGenDouble implements AutoCloseable, BeforeEachCallback, AfterAllCallback {

	static final String JOB = "32aa59e6-0c2b-45dc-851e-b60f5eb8bd6f";

	static final String FILE = "/api/image/job_32aa59e6_00001_.webp";

	static final byte[] PICTURE = picture("fox");

	private final NextJob nextJob = new NextJob();

	private final JobRows jobRows = new JobRows();

	final WireMockServer server = new WireMockServer(WireMockConfiguration.options()
		.bindAddress("127.0.0.1")
		.dynamicPort()
		.containerThreads(80)
		.extensions(this.nextJob, this.jobRows));

	AkashGenDouble() {
		this.server.start();
		reset();
	}

	/**
	 * From here on: a session for whoever asks, and a job that succeeds at once, whose
	 * image nobody has fetched yet.
	 */
	void reset() {
		StoredImages.deleteAll();
		this.server.resetAll();
		this.nextJob.ids.clear();
		this.jobRows.clear();
		this.server.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().withStatus(599)));
		session(session("session-1"));
		chat(queued("a red fox in the snow", "blurry"));
		status(row("succeeded", FILE));
		this.server.stubFor(get(urlEqualTo(FILE)).willReturn(webp(PICTURE)));
	}

	void session(ResponseDefinitionBuilder... answers) {
		inTurn(() -> get(urlEqualTo("/api/auth/session/")), answers);
	}

	void chat(ResponseDefinitionBuilder... answers) {
		inTurn(() -> post(urlEqualTo("/api/chat/")), answers);
	}

	void status(ResponseDefinitionBuilder... answers) {
		inTurn(() -> get(urlEqualTo("/api/image-status/?ids=" + JOB)), answers);
	}

	void file(ResponseDefinitionBuilder... answers) {
		inTurn(() -> get(urlEqualTo(FILE)), answers);
	}

	/**
	 * Whoever asks from here on queues the next of several jobs, whose prompts are
	 * {@code prompt of} and their ids.
	 */
	void jobs(String... ids) {
		this.nextJob.ids.addAll(List.of(ids));
		this.server
			.stubFor(post(urlEqualTo("/api/chat/")).atPriority(1).willReturn(ok().withTransformers(NextJob.NAME)));
	}

	/** How one of several jobs stands. */
	void statusOf(String id, String status, String result) {
		this.server.stubFor(get(urlEqualTo("/api/image-status/?ids=" + id)).willReturn(row(id, status, result)));
	}

	/** One of several jobs succeeds with this. */
	void pictureOf(String id, byte[] bytes) {
		statusOf(id, "succeeded", file(id));
		this.server.stubFor(get(urlEqualTo(file(id))).willReturn(webp(bytes)));
	}

	/** Where the picture of one of several jobs is. */
	static String file(String id) {
		return "/api/image/job_" + id + "_00001_.webp";
	}

	/** What is answered to those who ask for several jobs in one request. */
	void batches(ResponseDefinitionBuilder... answers) {
		inTurn(() -> get(urlMatching("/api/image-status/\\?ids=.*(,|%2C).*")), answers);
	}

	/**
	 * Know a job from here on, whoever asks for it, alone or among others.
	 * @param looks how often it is looked at until it has succeeded
	 */
	void job(String id, int looks) {
		this.jobRows.add(id, looks);
		this.server.stubFor(get(urlPathEqualTo("/api/image-status/")).willReturn(rows()));
		this.server.stubFor(get(urlEqualTo(file(id))).willReturn(webp(PICTURE)));
	}

	/** All jobs that are known succeed at the next look. */
	void finishJobs() {
		this.jobRows.finish();
	}

	/** A row for each job that is asked for. */
	static ResponseDefinitionBuilder rows() {
		return text("").withTransformers(JobRows.NAME);
	}

	/** One answer after the other; the last one for ever. */
	private void inTurn(Supplier<MappingBuilder> request, ResponseDefinitionBuilder... answers) {
		String scenario = "scenario " + this.server.getStubMappings().size();
		for (int i = 0; i < answers.length; i++) {
			int next = Math.min(i + 1, answers.length - 1);
			this.server.stubFor(request.get()
				.atPriority(1)
				.inScenario(scenario)
				.whenScenarioStateIs(state(i))
				.willSetStateTo(state(next))
				.willReturn(answers[i]));
		}
	}

	private static String state(int step) {
		return (step == 0) ? Scenario.STARTED : "step " + step;
	}

	static ResponseDefinitionBuilder session(String token) {
		return okJson("{\"success\":true}").withHeader("Set-Cookie", "session_token=" + token
				+ "; Path=/; Expires=Mon, 23 Nov 2026 02:11:51 GMT; Max-Age=3600; Secure; HttpOnly; SameSite=strict; Partitioned");
	}

	static ResponseDefinitionBuilder queued(String prompt, String negative) {
		return text(tag(JOB, prompt, negative));
	}

	static String tag(String jobId, String prompt, String negative) {
		return "0:\"<image_generation> jobId='" + jobId + "' prompt='" + prompt.replace("'", "\\'") + "' negative='"
				+ negative.replace("'", "\\'") + "'</image_generation>\"\n"
				+ "e:{\"finishReason\":\"stop\",\"usage\":{\"promptTokens\":20,\"completionTokens\":50},\"isContinued\":false}\n"
				+ "d:{\"finishReason\":\"stop\",\"usage\":{\"promptTokens\":20,\"completionTokens\":50}}\n";
	}

	static ResponseDefinitionBuilder text(String body) {
		return ok(body).withHeader("Content-Type", "text/plain; charset=utf-8")
			.withHeader("x-vercel-ai-data-stream", "v1");
	}

	static ResponseDefinitionBuilder row(String status, String result) {
		return row(JOB, status, result);
	}

	private static ResponseDefinitionBuilder row(String id, String status, String result) {
		return ok(
				"[{\"job_id\":\"%s\",\"worker_name\":\"w\",\"worker_city\":\"c\",\"worker_country\":\"US\",\"status\":\"%s\",\"result\":\"%s\",\"worker_gpu\":\"RTX4090\",\"elapsed_time\":0.5,\"queue_position\":0}]"
					.formatted(id, status, result))
			.withHeader("Content-Type", "text/plain;charset=UTF-8");
	}

	static ResponseDefinitionBuilder json(int status, String body) {
		return aResponse().withStatus(status).withHeader("Content-Type", "application/json").withBody(body);
	}

	static ResponseDefinitionBuilder html(int status) {
		return aResponse().withStatus(status)
			.withHeader("Content-Type", "text/html")
			.withBody("<!DOCTYPE html><title>Just a moment...</title>");
	}

	static ResponseDefinitionBuilder webp(byte[] bytes) {
		return aResponse().withHeader("Content-Type", "image/png").withBody(bytes);
	}

	static ResponseDefinitionBuilder redirect(int status, String location) {
		return aResponse().withStatus(status).withHeader("Location", location);
	}

	static String dataUrl(byte[] bytes) {
		return "data:image/webp;base64," + Base64.getEncoder().encodeToString(bytes);
	}

	static byte[] picture(String name) {
		try (InputStream picture = AkashGenDouble.class.getResourceAsStream("/stand-in/" + name + ".webp")) {
			if (picture == null) {
				throw new IllegalArgumentException("There is no picture '" + name + "'");
			}
			return picture.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A black picture that is no WebP. */
	static byte[] picture(String format, int size) {
		try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
			ImageIO.write(new BufferedImage(size, size, BufferedImage.TYPE_3BYTE_BGR), format, bytes);
			return bytes.toByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A WebP file whose header is all that is right with it. */
	static byte[] broken() {
		return "RIFF\14\0\0\0WEBPVP8 \0\0\0\0".getBytes(StandardCharsets.US_ASCII);
	}

	/** What a picture is, judged by its first bytes. */
	static String mediaType(byte[] picture) {
		String start = new String(picture, 0, Math.min(picture.length, 12), StandardCharsets.ISO_8859_1);
		return start.matches("(?s)RIFF....WEBP") ? "image/webp" : start.startsWith("\u0089PNG\r\n\u001a\n")
				? "image/png" : start.startsWith("\u00ff\u00d8\u00ff") ? "image/jpeg" : "none";
	}

	int sessions() {
		return this.server.findAll(getRequestedFor(urlPathMatching("/api/auth/session/?"))).size();
	}

	List<LoggedRequest> submits() {
		return this.server.findAll(postRequestedFor(urlPathMatching("/api/chat/?")));
	}

	int polls() {
		return this.server.findAll(getRequestedFor(urlPathMatching("/api/image-status/?"))).size();
	}

	/**
	 * The jobs that each request for a status has asked for, in the order of requests.
	 */
	List<List<String>> questions() {
		return this.server.findAll(getRequestedFor(urlPathEqualTo("/api/image-status/")))
			.stream()
			.map(AkashGenDouble::ids)
			.toList();
	}

	/** Requests that asked for several jobs. */
	List<List<String>> batches() {
		return questions().stream().filter((ids) -> ids.size() > 1).toList();
	}

	/** Jobs that were asked for alone, as often as they were. */
	List<String> singles() {
		return questions().stream().filter((ids) -> ids.size() == 1).map(List::getFirst).toList();
	}

	/** How often a job was asked for, alone or among others. */
	long looks(String id) {
		return questions().stream().filter((ids) -> ids.contains(id)).count();
	}

	/** The jobs that a request asks for; a comma that is encoded separates none. */
	static List<String> ids(Request request) {
		return List.of(request.getUrl().replaceFirst(".*\\?ids=", "").split(",", -1));
	}

	int downloads() {
		return this.server.findAll(getRequestedFor(urlPathMatching("/api/image/.*"))).size();
	}

	/** How often the picture of one of several jobs was fetched. */
	int downloads(String id) {
		return this.server.findAll(getRequestedFor(urlEqualTo(file(id)))).size();
	}

	int requests() {
		return this.server.getAllServeEvents().size();
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		reset();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		close();
	}

	@Override
	public void close() {
		this.server.stop();
	}

	/** Each job once: WireMock's scenarios may give two callers at once the same. */
	private static final class NextJob implements ResponseDefinitionTransformerV2 {

		static final String NAME = "next-job";

		private final Queue<String> ids = new ConcurrentLinkedQueue<>();

		@Override
		public String getName() {
			return NAME;
		}

		@Override
		public boolean applyGlobally() {
			return false;
		}

		@Override
		public ResponseDefinition transform(ServeEvent event) {
			String id = this.ids.remove();
			return text(tag(id, "prompt of " + id, "")).build();
		}

	}

}
