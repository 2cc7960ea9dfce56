package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Image generations as event streams. JSON is written with apostrophes for quotes.
 */
class ImageStreamTests {

	private static final int NEVER = 1_000_000;

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "POLL_MAX_ATTEMPTS=20",
			"openai.stream.interval=20ms", "ADOPT_WITHIN=5m", "STREAM_KEEP_ALIVE=chunk");

	@Test
	void streamHasCommentsAndThenTheImage() {
		akashGen.jobs("a-1");
		akashGen.job("a-1", 15);
		long before = System.currentTimeMillis() / 1000;
		HttpResponse<String> response = generate("'prompt':'a fox','partial_images':2");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().map()).containsEntry("Content-Type", List.of("text/event-stream;charset=utf-8"))
			.containsEntry("Cache-Control", List.of("no-cache"));
		assertThat(response.headers().firstValue("X-Job-Id")).hasValueSatisfying((id) -> assertThat(id).isNotEmpty());
		List<String> events = events(response);
		assertThat(events.subList(0, events.size() - 1)).isNotEmpty().allMatch((event) -> event.startsWith(": "));
		assertThat(events.getLast()).startsWith("event: image_generation.completed\ndata: {");
		JsonNode event = data(events.getLast());
		assertThat(event.propertyNames()).containsExactlyInAnyOrder("type", "b64_json", "created_at", "size", "quality",
				"background", "output_format", "usage");
		assertThat(event.get("type").asString()).isEqualTo("image_generation.completed");
		assertThat(bytes(event)).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(event.get("created_at").asLong()).isBetween(before, before + 60);
		assertThat(event.get("size").asString()).isEqualTo("1024x1024");
		assertThat(event.get("quality").asString()).isEqualTo("auto");
		assertThat(event.get("background").asString()).isEqualTo("auto");
		assertThat(event.get("output_format").asString()).isEqualTo("webp");
		assertThat(event.get("usage")).hasToString(
				"{\"total_tokens\":0,\"input_tokens\":0,\"output_tokens\":0,\"input_tokens_details\":{\"text_tokens\":0,\"image_tokens\":0}}");
	}

	@ParameterizedTest
	@CsvSource({ "webp, png, 16x16", "jpeg, jpeg, 16x16", "png, png, 16x16" })
	void streamHasTheRequestedFormat(String asked, String format, String size) {
		akashGen.file(AkashGenDouble.webp(AkashGenDouble.picture("png", 16)));
		JsonNode event = data(
				events(generate("'prompt':'a fox','response_format':'url','output_format':'%s'".formatted(asked)))
					.getLast());
		assertThat(event.get("output_format").asString()).isEqualTo(format);
		assertThat(event.get("size").asString()).isEqualTo(size);
		assertThat(AkashGenDouble.mediaType(bytes(event))).isEqualTo("image/" + format);
	}

	@Test
	void streamOfSeveralHasAnEventForEachAsSoonAsItIsFinished() {
		akashGen.jobs("b-1", "b-2");
		akashGen.job("b-1", 15);
		akashGen.pictureOf("b-2", AkashGenDouble.picture("cat"));
		List<String> events = completed(generate("'prompt':'a fox','n':2"));
		assertThat(events).hasSize(2);
		assertThat(bytes(data(events.getFirst()))).isEqualTo(AkashGenDouble.picture("cat"));
		assertThat(bytes(data(events.getLast()))).isEqualTo(AkashGenDouble.PICTURE);
	}

	@Test
	void streamOfSeveralWhenOneFailsHasTheOthers() {
		akashGen.jobs("c-1", "c-2", "c-3");
		akashGen.statusOf("c-1", "failed", "out of memory");
		akashGen.pictureOf("c-2", AkashGenDouble.PICTURE);
		akashGen.pictureOf("c-3", AkashGenDouble.broken());
		HttpResponse<String> response = generate("'prompt':'a fox','n':3,'output_format':'png'");
		assertThat(completed(response)).hasSize(1);
		assertThat(response.body()).doesNotContain("event: error");
	}

	@Test
	void streamWhenAllFailIsOneError() {
		akashGen.jobs("d-1", "d-2");
		akashGen.statusOf("d-1", "failed", "out of memory");
		akashGen.statusOf("d-2", "failed", "out of memory");
		HttpResponse<String> response = generate("'prompt':'a fox','n':2");
		assertThat(response.statusCode()).isEqualTo(200);
		List<String> events = events(response).stream().filter((event) -> !event.startsWith(": ")).toList();
		assertThat(events).hasSize(1);
		assertThat(events.getFirst()).startsWith("event: error\ndata: {\"error\":{");
		assertThat(data(events.getFirst()).at("/error/code").asString()).isEqualTo("image_generation_failed");
		assertThat(data(events.getFirst()).at("/error/message").asString())
			.isEqualTo("Image generation failed: out of memory");
	}

	@Test
	void streamWhenNoJobIsQueuedIsAnHttpStatus() {
		akashGen.chat(AkashGenDouble.json(500, "{\"error\":\"Error generating image\",\"message\":\"No workers\"}"));
		HttpResponse<String> response = generate("'prompt':'a fox','n':2");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(RunningService.json(response).at("/error/code").asString()).isEqualTo("upstream_unavailable");
	}

	@Test
	void streamWhenAkashGenRefusesThePromptNamesTheField() {
		akashGen.chat(AkashGenDouble.text("[Message too long for this model.]").withStatus(400));
		HttpResponse<String> response = generate("'prompt':'fox'");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).at("/error/param").asString()).isEqualTo("prompt");
	}

	@Test
	void streamWithoutAKeyIsRefused() {
		HttpResponse<String> response = service.post("/v1/images/generations",
				"{\"prompt\":\"a fox\",\"stream\":true}");
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(akashGen.requests()).isZero();
	}

	@Test
	void repeatedRequestStartsAnotherJobOnceTheImageWasDelivered() {
		akashGen.jobs("e-1", "e-2");
		Map.of("e-1", "fox", "e-2", "cat").forEach((id, name) -> akashGen.pictureOf(id, AkashGenDouble.picture(name)));
		assertThat(bytes(data(completed(generate("'prompt':'e'")).getFirst())))
			.isEqualTo(AkashGenDouble.picture("fox"));
		assertThat(bytes(data(completed(generate("'prompt':'e'")).getFirst())))
			.isEqualTo(AkashGenDouble.picture("cat"));
	}

	@Test
	void repeatedRequestGetsTheJobOfAClientThatLeft() {
		akashGen.jobs("f-1");
		akashGen.job("f-1", NEVER);
		try (RunningService patient = RunningService.against(akashGen, "POLL_MAX_ATTEMPTS=100000",
				"openai.stream.interval=20ms", "ADOPT_WITHIN=5m")) {
			String body = "{\"prompt\":\"f\",\"stream\":true}";
			patient.beginAndLeave("/v1/images/generations", body);
			Awaitility.await().until(() -> akashGen.looks("f-1") > 0);
			akashGen.finishJobs();
			HttpResponse<String> response = patient.post("/v1/images/generations", body, "Authorization", "Bearer k");
			assertThat(completed(response)).hasSize(1);
			assertThat(akashGen.submits()).hasSize(1);
		}
	}

	private static HttpResponse<String> generate(String fields) {
		return service.post("/v1/images/generations", "{'stream':true,%s}".formatted(fields).replace('\'', '"'),
				"Authorization", "Bearer k");
	}

	private static List<String> events(HttpResponse<String> response) {
		assertThat(response.body()).endsWith("\n\n");
		return Stream.of(response.body().split("\n\n")).toList();
	}

	private static List<String> completed(HttpResponse<String> response) {
		return events(response).stream().filter((event) -> event.startsWith("event: image_generation.")).toList();
	}

	private static JsonNode data(String event) {
		return RunningService.JSON.readTree(event.substring(event.indexOf("data: ") + 6));
	}

	private static byte[] bytes(JsonNode event) {
		return Base64.getDecoder().decode(event.get("b64_json").asString());
	}

}
