package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.notFound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What a caller is told when it went wrong, and what AkashGen is asked meanwhile.
 */
class FailureTests {

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen);

	/** For submits that come to no end. */
	@RegisterExtension
	static final RunningService hasty = RunningService.against(akashGen, "akash.submit-timeout=500ms");

	/** For polls and images that come to no end in time. */
	@RegisterExtension
	static final RunningService brisk = RunningService.against(akashGen, "akash.poll-timeout=500ms",
			"akash.image-timeout=500ms");

	/** The first request takes longest. */
	@BeforeAll
	static void warmUp() {
		Awaitility.await().until(() -> hasty.complete("fox").statusCode() == 200);
		Awaitility.await().until(() -> brisk.complete("fox").statusCode() == 200);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					{"messages":[{"role":"user","content":"fox"}          | The request body is not valid JSON                    | body, line 1, column 45
					fox                                                   | The request body is not valid JSON                    | body, line 1, column 1
					''                                                    | The request body is missing or incomplete            | body
					null                                                  | The request body is missing or incomplete            | body
					[]                                                    | The request body must be a JSON object                | body
					{}                                                    | messages is missing                                   | messages
					{"messages":null}                                     | messages is missing                                   | messages
					{"messages":[]}                                       | messages must not be empty                            | messages
					{"messages":"fox"}                                    | messages must be an array                             | messages
					{"messages":["fox"]}                                  | messages[0] must be an object                         | messages[0]
					{"messages":[null]}                                   | messages[0].role is missing                           | messages[0].role
					{"messages":[{"content":"fox"}]}                      | messages[0].role is missing                           | messages[0].role
					{"messages":[{"role":7,"content":"fox"}]}             | messages[0].role must be a string                     | messages[0].role
					{"messages":[{"role":"user","content":7}]}            | messages[0].content must be a string or an array of parts | messages[0].content
					{"messages":[{"role":"user","content":{"a":1}}]}      | messages[0].content must be a string or an array of parts | messages[0].content
					{"messages":[{"role":"user","content":[7]}]}          | messages[0].content must contain parts that are objects  | messages[0].content
					{"messages":[{"role":"user","content":[{"type":"text","text":7}]}]} | messages[0].content must contain text parts whose text is a string | messages[0].content
					{"messages":[{"role":"assistant","content":"fox"}]}   | messages must contain a message with the role 'user'     | messages
					{"messages":[{"role":"user","content":null}]}         | messages[0].content has no text; it must describe the image            | messages[0].content
					{"messages":[{"role":"user","content":" "}]}          | messages[0].content has no text; it must describe the image            | messages[0].content
					{"messages":[{"role":"user","content":[{"type":"image_url"}]}]} | messages[0].content has no text; it must describe the image | messages[0].content
					{"messages":[{"role":"user","content":"fox"}],"waitForImage":"yes"} | waitForImage must be true or false      | waitForImage
					{"messages":[{"role":"user","content":"fox"}],"model":7} | model must be a string                             | model
					""")
	void badRequestIsRefusedNamingTheField(String body, String error, String details) {
		HttpResponse<String> response = service.post(body);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
		JsonNode json = RunningService.json(response);
		assertThat(json.propertyNames()).containsExactly("error", "details");
		assertThat(json.get("error").asString()).isEqualTo(error);
		assertThat(json.get("details").asString()).isEqualTo(details);
		assertThat(akashGen.requests()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "failed,Failed to parse worker response: error decoding response body,", "error,out of memory,",
			"cancelled,'',AkashGen ended the job with the status 'cancelled'",
			"timeout,'',AkashGen ended the job with the status 'timeout'", "succeeded,Failed to upload," })
	void jobGivenUpIsReportedAtOnce(String status, String result, String details) {
		akashGen.status(AkashGenDouble.row("pending", ""), AkashGenDouble.row(status, result));
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.body()).isEqualTo("{\"error\":\"Image generation failed\",\"details\":\"%s\"}"
			.formatted((details != null) ? details : result));
		assertThat(akashGen.polls()).isEqualTo(2);
	}

	@Test
	void jobStillPendingAfterTheLastAttemptIsATimeoutWithItsLink() {
		akashGen.status(AkashGenDouble.row("pending", ""));
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(504);
		assertThat(response.body()).isEqualTo(
				"{\"error\":\"Failed to wait for image generation\",\"details\":\"Image generation timed out\",\"id\":\"%s\",\"imageUrl\":\"%s/images?id=%s\"}"
					.formatted(AkashGenDouble.JOB, service.origin(), AkashGenDouble.JOB));
		assertThat(akashGen.polls()).isEqualTo(5);
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void jobWithAnUnknownWordAtTheEndIsATimeoutNamingIt() {
		akashGen.status(AkashGenDouble.row("paused", ""));
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(504);
		assertThat(RunningService.json(response).get("details").asString())
			.isEqualTo("AkashGen last called the job 'paused', which this service does not know");
		assertThat(akashGen.polls()).isEqualTo(5);
	}

	static Stream<Arguments> answersWithoutJob() {
		return Stream.of(Arguments.of("text", AkashGenDouble.text("""
				f:{"messageId":"msg-RXnaLj3b8u1WxM7R0YR8vp1p"}
				0:"You said"
				0:":  <image_generation> jobId='2' prompt='"
				0:"\\"quoted\\""
				d:{"finishReason":"stop"}
				"""), "You said:  <image_generation> jobId='2' prompt='\"quoted\""),
				Arguments.of("undefined", AkashGenDouble.text(AkashGenDouble.tag("undefined", "a fox", "")),
						AkashGenDouble.tag("undefined", "a fox", "")),
				Arguments.of("hostile id", AkashGenDouble.text(AkashGenDouble.tag("1&ids=2", "a fox", "")),
						AkashGenDouble.tag("1&ids=2", "a fox", "")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("answersWithoutJob")
	void answerWithoutJobIsShownToTheCaller(String name, ResponseDefinitionBuilder answer, String said) {
		akashGen.chat(answer);
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(502);
		JsonNode json = RunningService.json(response);
		assertThat(json.get("error").asString()).isEqualTo("Failed to extract jobId from response");
		assertThat(json.get("details").get("response").asString()).isEqualTo(said);
		assertThat(akashGen.submits()).hasSize(1);
		assertThat(akashGen.polls()).isZero();
	}

	@Test
	void answerWithoutJobIsCapped() {
		akashGen.chat(AkashGenDouble.text("0:\"" + "x".repeat(50_000) + "\"\n"));
		JsonNode json = RunningService.json(service.complete("fox"));
		assertThat(json.get("details").get("response").asString()).isEqualTo("x".repeat(1000));
	}

	static Stream<Arguments> refusals() {
		return Stream.of(
				Arguments.of("too long", AkashGenDouble
					.text("[Message too long for this model. Please try with a shorter message or a different model.]")
					.withStatus(400), 400,
						"""
								{"error":"[Message too long for this model. Please try with a shorter message or a different model.]","details":"messages"}"""),
				Arguments.of("error part", AkashGenDouble.text("3:\"Failed after 3 attempts. Last error: boom\"\n"),
						502,
						"""
								{"error":"AkashGen's language model failed","details":"Failed after 3 attempts. Last error: boom"}"""),
				Arguments.of("error part in text", AkashGenDouble.text("f:{}\n0:\"You\"\n3:\"terminated\"\n"), 502, """
						{"error":"AkashGen reported an error","details":"terminated"}"""),
				Arguments
					.of("busy", AkashGenDouble.text("3:\"Last error: Rate limit reached for fake model\"\n"), 502, """
							{"error":"AkashGen is busy","details":"Last error: Rate limit reached for fake model"}"""),
				Arguments.of("painting failed", AkashGenDouble
					.text("3:\"/chat/completions: Invalid model name passed in model=AkashGen. Call `/v1/models`\"\n"),
						502,
						"""
								{"error":"AkashGen could not generate the image","details":"/chat/completions: Invalid model name passed in model=AkashGen. Call `/v1/models`"}"""),
				Arguments.of("model not available", AkashGenDouble.json(403,
						"{\"error\":\"Model not available\",\"message\":\"The model \\\"AkashGen\\\" is not available\",\"available_models\":[]}"),
						502,
						"""
								{"error":"AkashGen does not offer its image model now","details":"The model \\"AkashGen\\" is not available"}"""),
				Arguments.of("busy, as of May 2026", AkashGenDouble.json(500,
						"{\"error\":\"Error generating image\",\"message\":\"Failed after 3 attempts. Last error: Rate limit reached\"}"),
						502,
						"""
								{"error":"AkashGen is busy","details":"Failed after 3 attempts. Last error: Rate limit reached"}"""),
				Arguments.of("painting failed, as of May 2026", AkashGenDouble.json(500,
						"{\"error\":\"Error generating image\",\"message\":\"Invalid arguments for tool generateImage\"}"),
						502,
						"""
								{"error":"AkashGen could not generate the image","details":"Invalid arguments for tool generateImage"}"""),
				Arguments.of("too many lines", AkashGenDouble.text("0:\"\"\n".repeat(1001)), 502,
						"""
								{"error":"AkashGen answered 200 when asked for image generation, with more than 1000 lines"}"""),
				Arguments.of("too large", AkashGenDouble.text("0:\"" + "x".repeat(70_000) + "\"\n"), 502,
						"""
								{"error":"AkashGen answered 200 when asked for image generation, but the answer was too large"}"""),
				Arguments.of("500 with words",
						AkashGenDouble.json(500,
								"{\"error\":\"Error generating image\",\"message\":\"No available workers\"}"),
						502, """
								{"error":"AkashGen has no available workers","details":"No available workers"}"""),
				Arguments.of("500 empty", aResponse().withStatus(500), 502, """
						{"error":"AkashGen answered 500 when asked for image generation"}"""),
				Arguments.of("challenge", AkashGenDouble.html(403), 502,
						"""
								{"error":"AkashGen answered 403 with a web page when asked for image generation: a challenge or an outage page"}"""),
				Arguments.of("html as 200", AkashGenDouble.html(200), 502,
						"""
								{"error":"AkashGen answered 200 with a web page when asked for image generation: a challenge or an outage page"}"""),
				Arguments.of("html as 400", AkashGenDouble.html(400), 502,
						"""
								{"error":"AkashGen answered 400 with a web page when asked for image generation: a challenge or an outage page"}"""),
				Arguments.of("empty 200", AkashGenDouble.text(""), 502,
						"""
								{"error":"AkashGen answered 200 when asked for image generation, in a way that this service does not understand"}"""),
				Arguments.of("redirect to another host", AkashGenDouble.redirect(308, "http://127.0.0.1:1/api/chat/"),
						502,
						"""
								{"error":"AkashGen redirects elsewhere when asked for image generation","details":"http://127.0.0.1:1/api/chat/"}"""),
				Arguments.of("redirect to a page", AkashGenDouble.redirect(302, "/login"), 502, """
						{"error":"AkashGen redirects elsewhere when asked for image generation","details":"/login"}"""),
				Arguments.of("redirect out of the API", AkashGenDouble.redirect(308, "/api/../admin"), 502,
						"""
								{"error":"AkashGen redirects elsewhere when asked for image generation","details":"/api/../admin"}"""),
				Arguments.of("redirect without end", AkashGenDouble.redirect(308, "/api" + "/a".repeat(3000)), 502,
						"{\"error\":\"AkashGen redirects elsewhere when asked for image generation\",\"details\":\"%s\"}"
							.formatted(("/api" + "/a".repeat(3000)).substring(0, 1000))),
				Arguments.of("400 without a word", aResponse().withStatus(400), 400, """
						{"error":"AkashGen refused the text","details":"messages"}"""),
				Arguments.of("redirect in a circle", AkashGenDouble.redirect(308, "/api/chat/"), 502,
						"""
								{"error":"AkashGen redirects elsewhere when asked for image generation","details":"/api/chat/"}"""));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("refusals")
	void refusalOfSubmitIsExplained(String name, ResponseDefinitionBuilder answer, int status, String body) {
		akashGen.chat(answer);
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.body()).isEqualTo(body);
		assertThat(akashGen.polls()).isZero();
	}

	@ParameterizedTest
	@EnumSource(Fault.class)
	void submitThatBrokeOffIsNotRepeated(Fault fault) {
		akashGen.chat(aResponse().withFault(fault));
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.body()).contains("AkashGen");
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void submitThatIsNotAnsweredInTimeIsNotRepeated() {
		akashGen.chat(AkashGenDouble.queued("fox", "").withFixedDelay(10_000));
		HttpResponse<String> response = hasty.complete("fox");
		assertThat(response.statusCode()).isEqualTo(504);
		assertThat(response.body())
			.isEqualTo("{\"error\":\"AkashGen did not answer in time when asked for image generation\"}");
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void submitWhoseAnswerTricklesWithoutEndIsNotRepeated() {
		akashGen
			.chat(AkashGenDouble.text("f:{}\n0:\"" + "x".repeat(200) + "\"\n").withChunkedDribbleDelay(200, 10_000));
		HttpResponse<String> response = hasty.complete("fox");
		assertThat(response.statusCode()).isEqualTo(504);
		assertThat(response.body())
			.isEqualTo("{\"error\":\"AkashGen did not end its answer in time when asked for image generation\"}");
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void unreachableAkashGenIsReported() {
		try (RunningService lonely = RunningService.against(akashGen, "AKASH_BASE_URL=http://127.0.0.1:1")) {
			HttpResponse<String> response = lonely.complete("fox");
			assertThat(response.statusCode()).isEqualTo(502);
			assertThat(RunningService.json(response).get("error").asString()).isEqualTo("AkashGen cannot be reached");
			assertThat(RunningService.json(response).get("details").asString()).isNotBlank();
			assertThat(lonely.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
		}
	}

	static Stream<Arguments> transientTroubles() {
		return Stream.of(Arguments.of("500", AkashGenDouble.json(500, "{\"error\":\"Failed to check image status\"}")),
				Arguments.of("502", AkashGenDouble.json(502, "{\"error\":\"Middleware error: 502\"}")),
				Arguments.of("401", AkashGenDouble.json(401, "{\"error\":\"Middleware error: 401\"}")),
				Arguments.of("403",
						AkashGenDouble.json(403, "{\"success\":false,\"message\":\"Unauthorized: Invalid session\"}")),
				Arguments.of("html", AkashGenDouble.html(200)), Arguments.of("html 503", AkashGenDouble.html(503)),
				Arguments.of("broken JSON", AkashGenDouble.text("[{\"job_id\":\"32aa")),
				Arguments.of("empty", AkashGenDouble.text("")),
				Arguments.of("redirect elsewhere", AkashGenDouble.redirect(302, "https://example.com/")),
				Arguments.of("cut", aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)),
				Arguments.of("no answer", aResponse().withFault(Fault.EMPTY_RESPONSE)),
				Arguments.of("reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)),
				Arguments.of("trickle", AkashGenDouble.row("succeeded", "").withChunkedDribbleDelay(100, 10_000)),
				Arguments.of("late", AkashGenDouble.row("succeeded", "").withFixedDelay(10_000)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("transientTroubles")
	void pollThatMeetsTroubleCountsAsAnAttemptAndIsTolerated(String name, ResponseDefinitionBuilder trouble) {
		akashGen.status(trouble, trouble, trouble, trouble, AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		assertThat(patient(name).complete("fox").statusCode()).isEqualTo(200);
		assertThat(akashGen.polls()).isEqualTo(5);
		assertThat(akashGen.sessions()).isLessThan(2);
		assertThat(akashGen.submits()).hasSize(1);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("transientTroubles")
	void pollThatMeetsTroubleToTheEndIsATimeout(String name, ResponseDefinitionBuilder trouble) {
		akashGen.status(trouble);
		HttpResponse<String> response = patient(name).complete("fox");
		assertThat(response.statusCode()).isEqualTo(504);
		JsonNode json = RunningService.json(response);
		assertThat(json.get("error").asString()).isEqualTo("Failed to wait for image generation");
		assertThat(json.get("details").asString()).contains("AkashGen ", "status");
		assertThat(json.get("id").asString()).isEqualTo(AkashGenDouble.JOB);
		assertThat(akashGen.polls()).isEqualTo(5);
	}

	/** Only what never ends in time is not waited for. */
	private static RunningService patient(String trouble) {
		return Set.of("late", "too slow", "trickle").contains(trouble) ? brisk : service;
	}

	static Stream<Arguments> absences() {
		return Stream.of(Arguments.of("404", AkashGenDouble.json(404, "{\"error\":\"Middleware error: 404\"}")),
				Arguments.of("string", AkashGenDouble.text("\"Job not found: 32aa59e6\"")),
				Arguments.of("object", AkashGenDouble.text("{\"error\":\"no\"}")),
				Arguments.of("empty array", AkashGenDouble.text("[]")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("absences")
	void jobThatIsNotVisibleYetIsToleratedTwiceInARow(String name, ResponseDefinitionBuilder absent) {
		akashGen.status(absent, absent, AkashGenDouble.row("pending", ""), absent,
				AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		assertThat(service.complete("fox").statusCode()).isEqualTo(200);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("absences")
	void jobThatIsNotVisibleThreeTimesInARowIsGone(String name, ResponseDefinitionBuilder absent) {
		akashGen.status(absent);
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.body())
			.isEqualTo("{\"error\":\"Image generation failed\",\"details\":\"AkashGen does not know this job\"}");
		assertThat(akashGen.polls()).isEqualTo(3);
	}

	@Test
	void jobThatIsDoneWithoutPictureIsToleratedTwiceInARow() {
		akashGen.status(AkashGenDouble.row("succeeded", ""), AkashGenDouble.row("completed", ""),
				AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		akashGen.reset();
		akashGen.status(AkashGenDouble.row("succeeded", ""));
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.body()).isEqualTo(
				"{\"error\":\"Image generation failed\",\"details\":\"AkashGen reports success without an image\"}");
		assertThat(akashGen.polls()).isEqualTo(3);
	}

	@ParameterizedTest
	@CsvSource({ "http://127.0.0.1:1/api/image/a.webp", "/api/image/../auth/session", "/api/image/..", "/api/image/a/b",
			"/api/image/a%2Fb", "/api/image/a?b", "//127.0.0.1:1/api/image/a.webp", "/static/a.webp", "javascript:x",
			"a.webp" })
	void resultThatPointsElsewhereIsNotFollowed(String result) {
		akashGen.status(AkashGenDouble.row("succeeded", result));
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.body())
			.isEqualTo("{\"error\":\"AkashGen's image lies where this service does not look\",\"details\":\"%s\"}"
				.formatted(result));
		assertThat(akashGen.downloads()).isZero();
	}

	static Stream<Arguments> badPictures() {
		byte[] half = Arrays.copyOf(AkashGenDouble.PICTURE, AkashGenDouble.PICTURE.length / 2);
		return Stream.of(
				Arguments.of("html", AkashGenDouble.html(200),
						"AkashGen returned an invalid image: neither WebP, PNG nor JPEG"),
				Arguments.of("half a file", AkashGenDouble.webp(half),
						"AkashGen returned an invalid image: truncated WEBP"),
				Arguments.of("nothing", aResponse(), "AkashGen returned an invalid image: empty"),
				Arguments.of("404", AkashGenDouble.json(404, "{\"error\":\"Image not found\"}"),
						"AkashGen no longer has the image"),
				Arguments.of("500", AkashGenDouble.json(500, "{\"error\":\"Failed to fetch image\"}"),
						"AkashGen could not fetch the image from its image service"),
				Arguments.of("redirect elsewhere", AkashGenDouble.redirect(308, "http://127.0.0.1:1/api/image/a"),
						"AkashGen redirects elsewhere when asked for the image"),
				Arguments.of("late", AkashGenDouble.webp(AkashGenDouble.PICTURE).withFixedDelay(10_000),
						"AkashGen did not answer in time when asked for the image"),
				Arguments.of("too slow",
						AkashGenDouble.webp(AkashGenDouble.PICTURE).withChunkedDribbleDelay(500, 10_000),
						"AkashGen did not end its answer in time when asked for the image"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badPictures")
	void pictureThatCannotBeHadIsAskedForAFewTimesAndReported(String name, ResponseDefinitionBuilder bad,
			String error) {
		akashGen.file(bad);
		HttpResponse<String> response = patient(name).complete("fox");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(RunningService.json(response).get("error").asString()).isEqualTo(error);
		assertThat(RunningService.json(response).get("imageUrl").asString())
			.endsWith("/images?id=" + AkashGenDouble.JOB);
		assertThat(akashGen.downloads()).isEqualTo(4);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badPictures")
	void pictureThatComesAtTheNextTryIsTaken(String name, ResponseDefinitionBuilder bad, String error) {
		akashGen.file(bad, bad, AkashGenDouble.webp(AkashGenDouble.PICTURE));
		assertThat(patient(name).complete("fox").statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "'data:image/webp;base64,!!!'", "'data:image/webp;base64,'", "'data:image/webp;base64,UklGRg=='" })
	void dataUrlThatIsNoPictureIsReported(String result) {
		akashGen.status(AkashGenDouble.row("completed", result));
		HttpResponse<String> response = service.complete("fox");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.body()).startsWith("{\"error\":\"AkashGen returned an invalid image: ");
		assertThat(response.body()).doesNotContain("imageUrl");
	}

	@Test
	void pictureThatCouldNotBeHadIsFetchedWhenTheTroubleIsOver() {
		akashGen.file(AkashGenDouble.json(500, "{\"error\":\"Failed to fetch image\"}"));
		try (RunningService patient = RunningService.against(akashGen, "FOLLOW_FOR=1m", "images.download-retries=0",
				"generation.lost-pause=100ms")) {
			assertThat(patient.complete("fox").statusCode()).isEqualTo(502);
			Awaitility.await().until(() -> akashGen.downloads() == 3);
			akashGen.file(AkashGenDouble.webp(AkashGenDouble.PICTURE));
			Awaitility.await().until(() -> akashGen.downloads() > 3);
			assertThat(patient.bytes("GET", "/images?id=" + AkashGenDouble.JOB).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void allowanceUsedUpIsPassedOnAndAkashGenIsNotAskedAgainBeforeItsTime() {
		long reset = Instant.now().plusSeconds(3600).getEpochSecond();
		akashGen.chat(AkashGenDouble.json(429, """
				{"error":"Rate limit exceeded","message":"You've reached your usage limit for this time period.",\
				"resetTime":"2020-01-01T00:00:00Z"}""").withHeader("x-tokenlimit-reset", String.valueOf(reset)));
		try (RunningService limited = RunningService.against(akashGen)) {
			for (int i = 0; i < 3; i++) {
				HttpResponse<String> response = limited.complete("fox");
				assertThat(response.statusCode()).isEqualTo(429);
				assertThat(Long.parseLong(response.headers().firstValue("Retry-After").orElseThrow())).isCloseTo(3600L,
						within(20L));
				assertThat(response.body()).isEqualTo(
						"{\"error\":\"AkashGen's allowance is used up until %s\",\"details\":\"You've reached your usage limit for this time period.\"}"
							.formatted(Instant.ofEpochSecond(reset)));
			}
		}
		assertThat(akashGen.submits()).hasSize(1);
		assertThat(akashGen.sessions()).isEqualTo(1);
	}

	@Test
	void allowanceIsAskedForAgainAfterItsTime() {
		akashGen.chat(AkashGenDouble.json(429, "{\"resetTime\":\"2020-01-01T00:00:00Z\"}"),
				AkashGenDouble.queued("fox", ""));
		try (RunningService limited = RunningService.against(akashGen)) {
			HttpResponse<String> refused = limited.complete("fox");
			assertThat(refused.statusCode()).isEqualTo(429);
			assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
			Awaitility.await().until(() -> limited.complete("fox").statusCode() == 200);
		}
	}

	@ParameterizedTest
	@CsvSource({ "/nothing,GET,404", "/v1/chat/completions,GET,405", "/ping,POST,405" })
	void unknownRouteIsRefusedInJson(String path, String method, int status) {
		HttpResponse<byte[]> response = service.bytes(method, path, "Authorization", "Bearer k", "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
		assertThat(RunningService.JSON.readTree(response.body()).get("error").asString()).isNotBlank();
	}

	@Test
	void reasonOfMegabytesIsCapped() {
		akashGen.status(AkashGenDouble.row("failed", "x".repeat(900_000)));
		assertThat(RunningService.json(service.complete("fox")).get("details").asString()).isEqualTo("x".repeat(1000));
	}

	@Test
	void answerWhereNothingIsKnownIsNotMistaken() {
		akashGen.chat(notFound());
		assertThat(RunningService.json(service.complete("fox")).get("error").asString()).isEqualTo(
				"AkashGen answered 404 when asked for image generation, in a way that this service does not understand");
	}

}
