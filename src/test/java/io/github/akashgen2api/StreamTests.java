package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Completions as event streams.
 */
class StreamTests {

	private static final String REQUEST = "{\"stream\":true,\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]}";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "POLL_INTERVAL=50ms", "POLL_MAX_ATTEMPTS=8",
			"openai.stream.interval=20ms", "openai.stream.start-delay=400ms");

	@Test
	void streamHasCommentsAndThenTheImage() {
		akashGen.status(row(3), row(3), row(0), row(0), AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		HttpResponse<String> response = service.post(REQUEST);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().map()).containsEntry("Content-Type", List.of("text/event-stream;charset=utf-8"))
			.containsEntry("Cache-Control", List.of("no-cache"))
			.containsEntry("X-Accel-Buffering", List.of("no"))
			.doesNotContainKey("Content-Length");
		assertThat(response.body()).endsWith("\n\n").doesNotContain("\r");
		List<String> events = events(response);
		List<String> comments = events.stream().filter((event) -> event.startsWith(":")).toList();
		assertThat(comments).contains(": pending, queue position 3, 0 s", ": pending, 0 s");
		assertThat(events.subList(0, comments.size())).isEqualTo(comments);
		List<String> chunks = events.subList(comments.size(), events.size());
		JsonNode first = RunningService.JSON.readTree(chunks.getFirst().substring(6));
		String head = "data: {\"id\":\"" + AkashGenDouble.JOB + "\",\"object\":\"chat.completion.chunk\",\"created\":"
				+ first.get("created") + ",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":";
		assertThat(chunks).containsExactly(
				head + "{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}",
				head + "{\"content\":\"![a red fox in the snow](" + service.origin() + "/images?id="
						+ AkashGenDouble.JOB
						+ ")\\n\\na red fox in the snow\"},\"logprobs\":null,\"finish_reason\":null}]}",
				head + "{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}", "data: [DONE]");
		assertThat(service.bytes("GET", "/images?id=" + AkashGenDouble.JOB).body()).isEqualTo(AkashGenDouble.PICTURE);
	}

	@Test
	void usageIsAChunkOfItsOwnIfRequested() {
		HttpResponse<String> response = service
			.post(REQUEST.replace("{\"stream\":true", "{\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
		List<String> events = events(response);
		assertThat(events.get(events.size() - 2))
			.endsWith("\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}}");
		assertThat(events.stream().filter((event) -> event.contains("usage"))).hasSize(1);
	}

	@Test
	void imageIsAChunkOfItsOwnIfRequested() {
		List<String> events = events(service
			.post(REQUEST.replace("{\"stream\":true", "{\"stream\":true,\"modalities\":[\"text\",\"image\"]")));
		assertThat(events.get(events.size() - 3))
			.contains("\"delta\":{\"images\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + service.origin()
					+ "/images?id=" + AkashGenDouble.JOB + "\"}}]},\"logprobs\":null,\"finish_reason\":null}");
		assertThat(events.get(events.size() - 4)).contains("\"delta\":{\"content\":\"![");
		assertThat(events.stream().filter((event) -> event.contains("images\":"))).hasSize(1);
	}

	@Test
	void errorBeforeTheJobIsQueuedIsAnHttpStatus() {
		akashGen.chat(AkashGenDouble.json(500, "{\"error\":\"Error generating image\",\"message\":\"No workers\"}"));
		HttpResponse<String> response = service.post(REQUEST);
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
		assertThat(response.body()).isEqualTo(
				"{\"error\":{\"message\":\"AkashGen could not generate the image: No workers\",\"type\":\"server_error\","
						+ "\"param\":null,\"code\":\"upstream_unavailable\"},\"details\":\"No workers\"}");
	}

	@Test
	void errorAfterTheStartDelayIsAnEvent() {
		akashGen.chat(AkashGenDouble.json(500, "{\"message\":\"No workers\"}").withFixedDelay(800));
		HttpResponse<String> response = service.post(REQUEST);
		assertThat(response.statusCode()).isEqualTo(200);
		List<String> events = events(response);
		assertThat(events.getFirst()).startsWith(": asking AkashGen, ");
		assertThat(events.getLast()).startsWith("event: error\ndata: {\"error\":{\"message\":\"AkashGen answered 500");
		assertThat(events.stream().filter((event) -> event.contains("data:"))).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "failed, image_generation_failed, Image generation failed: out of memory",
			"pending, image_generation_timeout, Failed to wait for image generation: Image generation timed out" })
	void errorOfTheJobIsOneEventInOpenAisShape(String status, String code, String message) {
		akashGen.status(row(1), AkashGenDouble.row(status, "out of memory"));
		HttpResponse<String> response = service.post(REQUEST);
		assertThat(response.statusCode()).isEqualTo(200);
		List<String> events = events(response);
		assertThat(events.subList(0, events.size() - 1)).allMatch((event) -> event.startsWith(": "));
		assertThat(events.getLast()).startsWith("event: error\ndata: {");
		JsonNode body = RunningService.JSON.readTree(events.getLast().substring(events.getLast().indexOf('{')));
		assertThat(body.at("/error/code").asString()).isEqualTo(code);
		assertThat(body.at("/error/message").asString()).isEqualTo(message);
		assertThat(body.at("/error/param").isNull()).isTrue();
	}

	@Test
	void badRequestIsAnHttpStatusInOpenAisShape() {
		HttpResponse<String> response = service.post("{\"stream\":true,\"waitForImage\":false,\"messages\":[]}");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).at("/error/param").asString()).isEqualTo("messages");
	}

	@Test
	void streamOverridesWaitForImage() {
		HttpResponse<String> response = service.post(REQUEST.replace("{", "{\"waitForImage\":false,")
			.replaceFirst("(?<=\\[)\\{\"waitForImage\":false,", "{"));
		assertThat(events(response).getLast()).isEqualTo("data: [DONE]");
	}

	@Test
	void textAnswerIsStreamed() {
		akashGen.chat(AkashGenDouble.text("f:{}\n0:\"" + "🦊\u2028".repeat(9000) + "\"\nd:{}\n"));
		HttpResponse<String> response = service.post(REQUEST);
		assertThat(response.body().lines()).allMatch((line) -> line.length() < 60_000);
		assertThat(response.body()).doesNotContain("\u2028");
		String text = events(response).stream()
			.filter((event) -> event.startsWith("data: {"))
			.map((event) -> RunningService.JSON.readTree(event.substring(6))
				.at("/choices/0/delta/content")
				.asString(""))
			.reduce("", String::concat);
		assertThat(text).isEqualTo("🦊\u2028".repeat(9000));
	}

	@Test
	void textAnswerAfterTheStartDelayIsStreamed() {
		akashGen.chat(AkashGenDouble.text("f:{}\n0:\"Which fox?\"\nd:{}\n").withFixedDelay(800));
		assertThat(service.post(REQUEST).body()).contains("\"content\":\"Which fox?\"").endsWith("data: [DONE]\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "chunk", "off" })
	void keepAlivesCanBeChunksOrOff(String keepAlive) {
		akashGen.status(row(3), row(3), AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		try (RunningService set = RunningService.against(akashGen, "STREAM_KEEP_ALIVE=" + keepAlive,
				"POLL_INTERVAL=50ms", "openai.stream.interval=20ms")) {
			List<String> events = events(set.post(REQUEST));
			assertThat(events).allMatch((event) -> event.startsWith("data: "));
			assertThat(events.getFirst()).contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}");
			assertThat(events.stream().filter((event) -> event.contains("\"role\""))).hasSize(1);
			assertThat(events.stream()
				.filter((event) -> event.contains("\"delta\":{},\"logprobs\":null,\"finish_reason\":null"))
				.count()).matches((count) -> (count > 0) == keepAlive.equals("chunk"));
		}
	}

	@Test
	void keepAlivesForWebPagesAreChunks() {
		akashGen.status(row(3), row(3), AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		List<String> events = events(postFromAPage(REQUEST));
		assertThat(events).allMatch((event) -> event.startsWith("data: "));
		assertThat(events.getFirst()).contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}");
		assertThat(events.get(1)).contains("\"delta\":{},\"logprobs\":null,\"finish_reason\":null");
		assertThat(events.getLast()).isEqualTo("data: [DONE]");
	}

	@Test
	void errorOfTheJobIsAlsoContentForWebPages() {
		akashGen.status(row(1), row(1), AkashGenDouble.row("failed", "out of *memory*"));
		List<String> events = events(postFromAPage(REQUEST));
		assertThat(events.getLast())
			.startsWith("event: error\ndata: {\"error\":{\"message\":\"Image generation failed: out");
		JsonNode said = RunningService.JSON.readTree(events.get(events.size() - 2).substring(6));
		assertThat(said.at("/choices/0/delta/content").asString())
			.isEqualTo("Image generation failed: out of \\*memory\\*");
		assertThat(said.at("/choices/0/finish_reason").isNull()).isTrue();
		assertThat(said.has("error")).isFalse();
		assertThat(events.stream()
			.filter((event) -> event.startsWith("data: {"))
			.map((event) -> RunningService.JSON.readTree(event.substring(6)).get("id"))
			.distinct()).hasSize(1);
	}

	@Test
	void errorAfterTheStartDelayIsAlsoContentForWebPages() {
		akashGen.chat(AkashGenDouble.json(500, "{\"message\":\"No workers\"}").withFixedDelay(800));
		assertThat(postFromAPage(REQUEST).body()).contains(
				"\"content\":\"Image generation failed: AkashGen answered 500 when asked for image generation: No workers\"");
	}

	@Test
	void errorBeforeTheStreamIsAnHttpStatusForWebPages() {
		akashGen.chat(AkashGenDouble.json(500, "{\"message\":\"No workers\"}"));
		assertThat(postFromAPage(REQUEST).statusCode()).isEqualTo(502);
	}

	@Test
	void errorIsNoContentIfKeepAliveIsSet() {
		akashGen.status(row(1), row(1), AkashGenDouble.row("failed", "out of memory"));
		try (RunningService set = RunningService.against(akashGen, "STREAM_KEEP_ALIVE=chunk", "POLL_INTERVAL=50ms",
				"openai.stream.interval=20ms")) {
			HttpResponse<String> response = set.post("/v1/chat/completions", REQUEST, "Authorization", "Bearer k",
					"Origin", "https://chat.example.com");
			assertThat(response.body()).doesNotContain("\"content\":\"Image").contains("event: error\n");
		}
	}

	private static HttpResponse<String> postFromAPage(String body) {
		return service.post("/v1/chat/completions", body, "Authorization", "Bearer k", "Origin",
				"https://chat.example.com");
	}

	@Test
	void chunksHaveOneIdWheneverTheJobIsQueued() {
		akashGen.chat(AkashGenDouble.text("f:{}\n0:\"Which fox?\"\nd:{}\n").withFixedDelay(500));
		try (RunningService set = RunningService.against(akashGen, "STREAM_KEEP_ALIVE=chunk",
				"openai.stream.interval=20ms", "openai.stream.start-delay=50ms")) {
			List<String> chunks = events(set.post(REQUEST)).stream()
				.filter((event) -> event.startsWith("data: {"))
				.toList();
			assertThat(chunks).hasSizeGreaterThan(3);
			assertThat(chunks.stream()
				.map((chunk) -> RunningService.JSON.readTree(chunk.substring(6)).get("id"))
				.distinct()).hasSize(1);
		}
	}

	@Test
	void imageOfADisconnectedClientIsStored() {
		akashGen.status(Stream
			.concat(IntStream.range(0, 6).mapToObj((_) -> row(1)),
					Stream.of(AkashGenDouble.row("succeeded", AkashGenDouble.FILE)))
			.toArray(ResponseDefinitionBuilder[]::new));
		try (RunningService fresh = RunningService.against(akashGen, "POLL_INTERVAL=50ms", "POLL_MAX_ATTEMPTS=8",
				"openai.stream.interval=20ms")) {
			fresh.beginAndLeave(REQUEST);
			Awaitility.await().until(() -> akashGen.downloads() == 1);
			assertThat(akashGen.submits()).hasSize(1);
			assertThat(akashGen.polls()).isEqualTo(7);
			assertThat(fresh.bytes("GET", "/images?id=" + AkashGenDouble.JOB).body()).isEqualTo(AkashGenDouble.PICTURE);
			assertThat(akashGen.downloads()).isEqualTo(1);
		}
	}

	private static ResponseDefinitionBuilder row(int queuePosition) {
		return AkashGenDouble.text("[{\"job_id\":\"%s\",\"status\":\"pending\",\"result\":\"\",\"queue_position\":%d}]"
			.formatted(AkashGenDouble.JOB, queuePosition));
	}

	private static List<String> events(HttpResponse<String> response) {
		return List.of(response.body().split("\n\n"));
	}

}
