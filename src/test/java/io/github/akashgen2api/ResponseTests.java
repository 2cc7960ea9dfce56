package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
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
 * OpenAI's responses.
 */
class ResponseTests {

	private static final int NEVER = 1_000_000;

	private static final String TOOL = ",\"tools\":[{\"type\":\"image_generation\"}]";

	private static final List<String> MESSAGE_EVENTS = List.of("response.created", "response.in_progress",
			"response.output_item.added", "response.content_part.added", "response.output_text.delta",
			"response.output_text.done", "response.content_part.done", "response.output_item.done",
			"response.completed");

	private static final List<String> IMAGE_EVENTS = List.of("response.created", "response.in_progress",
			"response.output_item.added", "response.image_generation_call.in_progress",
			"response.image_generation_call.generating", "response.image_generation_call.completed",
			"response.output_item.done", "response.completed");

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = service();

	private static RunningService service(String... settings) {
		return RunningService.against(akashGen, Stream
			.concat(Stream.of("API_KEY=k,other", "POLL_INTERVAL=50ms", "POLL_MAX_ATTEMPTS=8",
					"openai.stream.interval=20ms", "openai.stream.response-start-delay=20s"), Stream.of(settings))
			.toArray(String[]::new));
	}

	@Test
	void responseIsAMessageThatShowsTheImage() {
		HttpResponse<String> answer = post("{\"model\":\"painter\",\"input\":\"fox\",\"metadata\":{\"a\":\"b\"}}");
		JsonNode response = RunningService.json(answer);
		String job = answer.headers().firstValue("X-Job-Id").orElseThrow();
		String digits = job.substring(4);
		assertThat(response.toString()).isEqualTo(("{\"id\":\"resp_DIGITS\",\"object\":\"response\",\"created_at\":"
				+ response.get("created_at") + ",\"status\":\"completed\",\"completed_at\":"
				+ response.get("completed_at")
				+ ",\"error\":null,\"metadata\":{\"a\":\"b\"},\"output\":[{\"id\":\"msg_DIGITS\",\"type\":\"message\","
				+ "\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":"
				+ "\"![a red fox in the snow](URL)\\n\\na red fox in the snow\",\"annotations\":[],\"logprobs\":[]}]}],"
				+ "\"usage\":{\"input_tokens\":0,\"input_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":0},"
				+ "\"output_tokens\":0,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":0},"
				+ "\"model\":\"painter\",\"background\":false,\"tools\":[],\"tool_choice\":\"auto\","
				+ "\"previous_response_id\":null,\"incomplete_details\":null,\"instructions\":null,"
				+ "\"max_output_tokens\":null,\"parallel_tool_calls\":true,\"temperature\":null,\"top_p\":null}")
			.replace("DIGITS", digits)
			.replace("URL", url()));
		assertThat(service.get("/v1/jobs/" + job, "Authorization", "Bearer k").body()).contains("{\"a\":\"b\"}");
		assertThat(find(service, "resp_" + digits)).isEqualTo(response);
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void responseWithTheToolIsTheImage() {
		JsonNode response = RunningService.json(post("{\"input\":\"fox\"" + TOOL + "}"));
		assertThat(response.get("model").asString()).isEqualTo("AkashGen");
		assertThat(response.get("tools")).hasToString("[{\"type\":\"image_generation\"}]");
		assertThat(response.get("output").size()).isEqualTo(1);
		JsonNode call = response.at("/output/0");
		assertThat(call.get("id").asString()).isEqualTo(response.get("id").asString().replace("resp_", "ig_"));
		assertThat(call.get("type").asString()).isEqualTo("image_generation_call");
		assertThat(call.get("status").asString()).isEqualTo("completed");
		assertThat(call.get("output_format").asString()).isEqualTo("webp");
		assertThat(call.get("revised_prompt").asString()).isEqualTo("a red fox in the snow");
		assertThat(Base64.getDecoder().decode(call.get("result").asString())).isEqualTo(AkashGenDouble.PICTURE);
	}

	@Test
	void imageHasTheFormatOfTheTool() {
		String tools = ",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"}},"
				+ "{\"type\":\"image_generation\",\"output_format\":\"png\",\"size\":\"auto\"}]";
		JsonNode response = RunningService.json(post("{\"input\":\"fox\"" + tools + "}"));
		assertThat(response.get("tools")).hasToString("[{\"type\":\"image_generation\",\"output_format\":\"png\"}]");
		assertThat(response.at("/output/0/output_format").asString()).isEqualTo("png");
		assertThat(Base64.getDecoder().decode(response.at("/output/0/result").asString())).startsWith(0x89, 'P', 'N',
				'G');
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			,"tool_choice":{"type":"image_generation"}                                  | image_generation_call
			,"tools":[{"type":"image_generation"}],"tool_choice":"none"                 | message
			,"tools":[{"type":"image_generation"}],"tool_choice":"required"             | image_generation_call
			,"tools":[{"type":"function","name":"f"}],"tool_choice":"auto"              | message
			,"tools":[],"tool_choice":{"type":"function","name":"f"},"instructions":7   | message
			""")
	void toolsDecideWhatTheOutputIs(String fields, String type) {
		assertThat(RunningService.json(post("{\"input\":\"fox\"" + fields + "}")).at("/output/0/type").asString())
			.isEqualTo(type);
	}

	@Test
	void itemsAreTheMessagesOfAChat() {
		String input = """
				[{"role":"developer","content":"You paint."},
				 {"type":"message","role":"user","content":[{"type":"input_text","text":"a fox"},
				  {"type":"input_image","image_url":"data:image/png;base64,AAAA"}]},
				 {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"no"}]},
				 {"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text",
				  "text":"![a fox](http://x/images?id=1)\\n\\na red fox","annotations":[]}]},
				 {"type":"image_generation_call","id":"ig_1","result":"AAAA","status":"completed"},
				 {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
				 {"type":"function_call_output","call_id":"c","output":"no"},
				 {"type":"item_reference","id":"msg_2"},
				 {"role":"user","content":"make it blue"}]""";
		assertThat(post("{\"input\":" + input + "}").statusCode()).isEqualTo(200);
		JsonNode sent = RunningService.JSON.readTree(akashGen.submits().getFirst().getBodyAsString()).get("messages");
		assertThat(sent.valueStream().map((message) -> message.get("role") + " " + message.get("content")))
			.containsExactly("\"user\" \"a fox\"", "\"assistant\" \"a red fox\"", "\"user\" \"make it blue\"");
	}

	@Test
	void streamIsAMessageThatShowsTheImage() {
		akashGen.status(pending(3), pending(3), AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		HttpResponse<String> answer = post("{\"stream\":true,\"model\":\"painter\",\"input\":\"fox\"}");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream;charset=utf-8");
		List<JsonNode> events = events(answer);
		assertThat(types(events)).isEqualTo(MESSAGE_EVENTS);
		String id = answer.headers().firstValue("X-Job-Id").orElseThrow().replace("job_", "resp_");
		assertThat(events.getFirst().at("/response/id").asString()).isEqualTo(id);
		assertThat(events.getFirst().at("/response/status").asString()).isEqualTo("in_progress");
		assertThat(events.getFirst().at("/response/output").size()).isZero();
		assertThat(events.getFirst().at("/response/usage").isNull()).isTrue();
		assertThat(events.get(2).at("/item").toString()).isEqualTo("{\"id\":\"" + id.replace("resp_", "msg_")
				+ "\",\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}");
		assertThat(events.get(4).get("delta").asString()).startsWith("![a red fox in the snow](" + url());
		assertThat(events.get(5).get("text")).isEqualTo(events.get(4).get("delta"));
		assertThat(events.get(6).at("/part/text")).isEqualTo(events.get(4).get("delta"));
		assertThat(events.getLast().at("/response/id").asString()).isEqualTo(id);
		assertThat(events.getLast().at("/response/status").asString()).isEqualTo("completed");
		assertThat(events.getLast().at("/response/output/0")).isEqualTo(events.get(7).get("item"));
		assertThat(answer.body()).contains("\n: pending, queue position 3, 0 s\n").doesNotContain("[DONE]");
	}

	@Test
	void streamWithTheToolIsTheImage() {
		akashGen.status(pending(0), pending(0), AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		List<JsonNode> events = events(post("{\"stream\":true,\"input\":\"fox\"" + TOOL + "}"));
		assertThat(types(events)).isEqualTo(IMAGE_EVENTS);
		assertThat(events.get(2).at("/item/result").isNull()).isTrue();
		assertThat(events.get(2).at("/item/status").asString()).isEqualTo("in_progress");
		assertThat(events.get(5).get("item_id")).isEqualTo(events.get(2).at("/item/id"));
		assertThat(Base64.getDecoder().decode(events.get(6).at("/item/result").asString()))
			.isEqualTo(AkashGenDouble.PICTURE);
		assertThat(events.getLast().at("/response/output/0")).isEqualTo(events.get(6).get("item"));
	}

	@Test
	void streamBeginsBeforeAkashGenHasAnswered() {
		akashGen.chat(AkashGenDouble.queued("a fox", "").withFixedDelay(1500));
		try (RunningService set = service("openai.stream.response-start-delay=20ms")) {
			HttpResponse<String> answer = post(set, "{\"stream\":true,\"input\":\"fox\"" + TOOL + "}");
			assertThat(answer.headers().firstValue("X-Job-Id")).isPresent();
			assertThat(answer.body().indexOf("response.in_progress\n")).isPositive()
				.isLessThan(answer.body().indexOf(": asking AkashGen, 0 s"));
			assertThat(types(events(answer))).isEqualTo(IMAGE_EVENTS);
		}
	}

	@Test
	void errorOfTheSubmitEndsTheStreamThatHasBegun() {
		akashGen.chat(AkashGenDouble.json(429, "{\"error\":\"Rate limit exceeded\",\"message\":\"used up\"}")
			.withFixedDelay(1500));
		try (RunningService set = service("openai.stream.response-start-delay=20ms")) {
			List<JsonNode> events = events(post(set, "{\"stream\":true,\"input\":\"fox\"" + TOOL + "}"));
			assertThat(types(events)).containsExactly("response.created", "response.in_progress", "error",
					"response.failed");
			assertThat(events.getLast().at("/response/error/code").asString()).isEqualTo("rate_limit_exceeded");
			HttpResponse<String> known = post(set, "{\"stream\":true,\"input\":\"another fox\"}");
			assertThat(known.body()).contains("rate_limit_exceeded");
		}
	}

	/** The events of a page that keeps chat alive with chunks are comments here too. */
	@Test
	void keepAlivesAreAlwaysComments() {
		akashGen.status(pending(0), pending(0), AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		try (RunningService set = service("STREAM_KEEP_ALIVE=chunk")) {
			HttpResponse<String> answer = set.post("/v1/responses", "{\"stream\":true,\"input\":\"fox\"}",
					"Authorization", "Bearer k", "Origin", "https://chat.example.com");
			assertThat(types(events(answer))).isEqualTo(MESSAGE_EVENTS);
			assertThat(answer.body()).contains("\n: pending, 0 s\n");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", TOOL })
	void textInPlaceOfAnImageIsAMessage(String tool) {
		akashGen.chat(AkashGenDouble.text("f:{}\n0:\"Which\u2028fox?\"\nd:{}\n"));
		JsonNode response = RunningService.json(post("{\"input\":\"fox\"" + tool + "}"));
		assertThat(response.at("/output/0/content/0/text").asString()).isEqualTo("Which\u2028fox?");
		HttpResponse<String> streamed = post("{\"stream\":true,\"input\":\"fox\"" + tool + "}");
		assertThat(types(events(streamed))).isEqualTo(MESSAGE_EVENTS);
		assertThat(streamed.body()).doesNotContain("\u2028");
		assertThat(events(streamed).get(4).get("delta").asString()).isEqualTo("Which\u2028fox?");
	}

	@Test
	void errorBeforeTheStreamIsAnHttpStatus() {
		akashGen.chat(AkashGenDouble.json(500, "{\"error\":\"Error generating image\",\"message\":\"No workers\"}"));
		for (String stream : List.of("true", "false")) {
			HttpResponse<String> answer = post("{\"stream\":" + stream + ",\"input\":\"fox\"}");
			assertThat(answer.statusCode()).isEqualTo(502);
			assertThat(RunningService.json(answer).at("/error/code").asString()).isEqualTo("upstream_unavailable");
		}
	}

	@ParameterizedTest
	@CsvSource({ "failed, image_generation_failed, Image generation failed: out of memory",
			"pending, image_generation_timeout, Failed to wait for image generation: Image generation timed out" })
	void errorOfTheJobEndsTheStream(String status, String code, String message) {
		akashGen.status(pending(1), pending(1), AkashGenDouble.row(status, "out of memory"));
		List<JsonNode> events = events(post("{\"stream\":true,\"input\":\"fox\"}"));
		assertThat(types(events)).containsExactly("response.created", "response.in_progress", "error",
				"response.failed");
		assertThat(events.get(2).at("/error/code").asString()).isEqualTo(code);
		assertThat(events.get(2).at("/error/message").asString()).isEqualTo(message);
		assertThat(events.get(2).at("/error/type").asString()).isEqualTo("server_error");
		assertThat(events.get(3).at("/response/id")).isEqualTo(events.getFirst().at("/response/id"));
		assertThat(events.get(3).at("/response/status").asString()).isEqualTo("failed");
		assertThat(events.get(3).at("/response/error"))
			.hasToString("{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}");
		assertThat(RunningService.json(post("{\"input\":\"fox\"}")).at("/error/code").asString()).isEqualTo(code);
	}

	@Test
	void errorOfTheConversionEndsTheStream() {
		akashGen.file(AkashGenDouble.webp(AkashGenDouble.broken()));
		HttpResponse<String> answer = post(
				"{\"stream\":true,\"input\":\"fox\",\"tools\":[{\"type\":\"image_generation\",\"output_format\":\"png\"}]}");
		assertThat(answer.body()).contains("image_generation_failed");
	}

	@Test
	void refusedTextIsThatOfTheInput() {
		akashGen.chat(AkashGenDouble.text("[Message too long]").withStatus(400));
		HttpResponse<String> answer = post("{\"input\":\"fox\"}");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(answer).at("/error/param").asString()).isEqualTo("input");
	}

	@Test
	void keyIsNeeded() {
		HttpResponse<String> answer = service.post("/v1/responses", "{\"stream\":true,\"input\":\"fox\"}");
		assertThat(answer.statusCode()).isEqualTo(401);
		assertThat(RunningService.json(answer).at("/error/code").asString()).isEqualTo("invalid_api_key");
	}

	@Test
	void allowanceThatIsUsedUpIsAnHttpStatus() {
		try (RunningService limited = service("RATE_LIMIT_PER_KEY=1/1h")) {
			assertThat(post(limited, "{\"input\":\"fox\"}").statusCode()).isEqualTo(200);
			HttpResponse<String> answer = post(limited, "{\"stream\":true,\"input\":\"fox\"}");
			assertThat(answer.statusCode()).isEqualTo(429);
			assertThat(RunningService.json(answer).at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{}                                                                          | input
			{"input":""}                                                                | input
			{"input":7}                                                                 | input
			{"input":[]}                                                                | input
			{"input":{"role":"user"}}                                                   | input
			{"input":["fox"]}                                                           | input[0]
			{"input":[null]}                                                            | input[0].role
			{"input":[{"type":"item_reference","id":"x"},{"content":"fox"}]}            | input[1].role
			{"input":[{"type":"item_reference","id":"x"},{"role":"user"}]}              | input[1].content
			{"input":[{"role":"user","content":7}]}                                     | input[0].content
			{"input":[{"role":"user","content":[{"type":"input_text"}]}]}               | input[0].content
			{"input":[{"type":"reasoning","content":[]}]}                               | input
			{"input":"fox","model":7}                                                   | model
			{"input":"fox","stream":"maybe"}                                            | stream
			{"input":"fox","background":{}}                                             | background
			{"input":"fox","tools":"image_generation"}                                  | tools
			{"input":"fox","tools":[7]}                                                 | tools[0]
			{"input":"fox","tools":[{"type":"image_generation","output_format":"gif"}]} | tools[0].output_format
			{"input":"fox","tools":[{"type":"image_generation","output_compression":101}]} | tools[0].output_compression
			{"input":"fox","tool_choice":7}                                             | tool_choice
			{"input":"fox","metadata":{"a":7}}                                          | metadata.a
			{"input":"fox","previous_response_id":7}                                    | previous_response_id
			{"input":"fox","previous_response_id":"resp_0"}                             | previous_response_id
			{"input":"fox","conversation":"conv_1"}                                     | conversation
			{"input":"fox","conversation":{"id":"conv_1"}}                              | conversation
			{"input":"fox","conversation":"a","previous_response_id":"b"}               | conversation
			""")
	void wrongFieldIsNamed(String body, String field) {
		HttpResponse<String> answer = post(body);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
		assertThat(RunningService.json(answer).at("/error/param").asString()).as(answer.body()).isEqualTo(field);
		assertThat(RunningService.json(answer).at("/error/message").asString()).startsWith(field);
		assertThat(akashGen.submits()).isEmpty();
	}

	@Test
	void auxiliaryRequestsCostNoImage() {
		HttpResponse<String> test = post("{\"input\":\"hi\",\"max_output_tokens\":16}");
		assertThat(RunningService.json(test).at("/output/0/content/0/text").asString()).startsWith("Hello!");
		assertThat(RunningService.json(test).get("id").asString()).matches("resp_[0-9a-f]{32}");
		assertThat(test.headers().firstValue("X-Job-Id")).isEmpty();
		HttpResponse<String> title = post("{\"stream\":true,\"input\":[{\"role\":\"user\",\"content\":"
				+ "\"### Task:\\n{ \\\"title\\\": \\\"x\\\" }\\n<chat_history>\\nUSER: fox\\n</chat_history>\"}]" + TOOL
				+ "}");
		assertThat(types(events(title))).isEqualTo(MESSAGE_EVENTS);
		assertThat(events(title).get(4).get("delta").asString()).isEqualTo("{\"title\":\"fox\"}");
		assertThat(akashGen.submits()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"previous_response_id\":\"ID\"", "\"conversation\":\"ID\"",
			"\"conversation\":{\"id\":\"ID\"}" })
	void responseIsContinued(String field) {
		String id = RunningService.json(post("{\"input\":\"a fox\"}")).get("id").asString();
		HttpResponse<String> answer = post("{\"input\":\"make it blue\"," + field.replace("ID", id) + "}");
		assertThat(RunningService.json(answer).get("previous_response_id").asString(null))
			.isEqualTo(field.startsWith("\"prev") ? id : null);
		assertThat(akashGen.submits()).hasSize(2);
		assertThat(akashGen.submits().getLast().getBodyAsString()).contains(
				"[{\"role\":\"user\",\"content\":\"a fox\"},{\"role\":\"assistant\",\"content\":\"a red fox in the snow\"},"
						+ "{\"role\":\"user\",\"content\":\"make it blue\"}]");
	}

	@Test
	void responseOfAnotherKeyIsNotContinued() {
		String id = RunningService.json(post("{\"input\":\"a fox\"}")).get("id").asString();
		HttpResponse<String> answer = service.post("/v1/responses",
				"{\"input\":\"make it blue\",\"previous_response_id\":\"" + id + "\"}", "Authorization",
				"Bearer other");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(answer).at("/error/param").asString()).isEqualTo("previous_response_id");
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void sameIdempotencyKeyIsTheSameResponse() {
		String body = "{\"input\":\"fox\"" + TOOL + "}";
		JsonNode first = RunningService.json(post(body, "Idempotency-Key", "once"));
		JsonNode second = RunningService.json(post(body, "Idempotency-Key", "once"));
		assertThat(second.get("id")).isEqualTo(first.get("id"));
		assertThat(second.get("output")).isEqualTo(first.get("output"));
		assertThat(post("{\"input\":\"other\"}", "Idempotency-Key", "once").statusCode()).isEqualTo(422);
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void jobOfAStreamThatWasLeftIsTakenUp() {
		akashGen.jobs("left-1");
		akashGen.job("left-1", NEVER);
		String body = "{\"stream\":true,\"input\":\"left\"}";
		try (RunningService live = service("POLL_MAX_ATTEMPTS=10000", "ADOPT_WITHIN=5m", "FOLLOW_FOR=1m")) {
			live.beginAndLeave("/v1/responses", body);
			Awaitility.await().until(() -> akashGen.looks("left-1") > 0);
			akashGen.finishJobs();
			HttpResponse<String> again = post(live, body);
			assertThat(types(events(again))).isEqualTo(MESSAGE_EVENTS);
			assertThat(again.body()).contains("left-1");
			assertThat(akashGen.submits()).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",\"tools\":[{\"type\":\"image_generation\",\"output_format\":\"png\"}]" })
	void responseInTheBackgroundIsFoundWhenItIsCompleted(String tools, @TempDir Path directory) {
		akashGen.jobs("b-1");
		akashGen.job("b-1", NEVER);
		String id;
		try (RunningService first = service("DATA_DIR=" + directory, "POLL_MAX_ATTEMPTS=10000", "FOLLOW_FOR=1m",
				"shutdown.drain=0s")) {
			HttpResponse<String> answer = post(first,
					"{\"model\":\"m\",\"background\":true,\"input\":\"fox\",\"metadata\":{\"a\":\"b\"}" + tools + "}");
			JsonNode begun = RunningService.json(answer);
			id = begun.get("id").asString();
			assertThat(begun.get("status").asString()).isIn("queued", "in_progress");
			assertThat(begun.get("background").asBoolean()).isTrue();
			assertThat(begun.get("output").size()).isZero();
			assertThat(answer.headers().firstValue("X-Job-Id")).contains(id.replace("resp_", "job_"));
			Awaitility.await().until(() -> find(first, id).get("status").asString().equals("in_progress"));
			assertThat(first.get("/v1/responses/" + id, "Authorization", "Bearer other").statusCode()).isEqualTo(404);
			assertThat(first.waiting()).isZero();
		}
		akashGen.finishJobs();
		try (RunningService next = service("DATA_DIR=" + directory)) {
			Awaitility.await().until(() -> find(next, id).get("status").asString().equals("completed"));
			JsonNode found = find(next, id);
			assertThat(found.get("model").asString()).isEqualTo("m");
			assertThat(found.get("background").asBoolean()).isTrue();
			assertThat(found.at("/metadata/a").asString()).isEqualTo("b");
			assertThat(found.get("completed_at").isNull()).isFalse();
			assertThat(found.get("usage").isNull()).isFalse();
			assertThat(found.at("/output/0/type").asString())
				.isEqualTo(tools.isEmpty() ? "message" : "image_generation_call");
			assertThat(found.at("/output/0/output_format").asString("png")).isEqualTo("png");
			assertThat(akashGen.submits()).hasSize(1);
		}
	}

	@Test
	void responseInTheBackgroundSaysWhyItFailed() {
		akashGen.status(AkashGenDouble.row("failed", "out of memory"));
		String id = RunningService.json(post("{\"background\":true,\"input\":\"fox\"}")).get("id").asString();
		Awaitility.await().until(() -> find(service, id).get("status").asString().equals("failed"));
		assertThat(find(service, id).at("/error")).hasToString(
				"{\"code\":\"image_generation_failed\",\"message\":\"Image generation failed: out of memory\"}");
	}

	@Test
	void responseInTheBackgroundMayBeStreamed() {
		List<JsonNode> events = events(post("{\"background\":true,\"stream\":true,\"input\":\"fox\"}"));
		assertThat(types(events)).isEqualTo(MESSAGE_EVENTS);
		assertThat(find(service, events.getFirst().at("/response/id").asString()).get("output"))
			.isEqualTo(events.getLast().at("/response/output"));
		HttpResponse<String> again = service.get("/v1/responses/resp_1?stream=true", "Authorization", "Bearer k");
		assertThat(again.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(again).at("/error/param").asString()).isEqualTo("stream");
	}

	@Test
	void completionIsFoundAsAResponse() {
		String job = service.complete("fox").headers().firstValue("X-Job-Id").orElseThrow();
		JsonNode found = find(service, job.replace("job_", "resp_"));
		assertThat(found.at("/output/0/content/0/text").asString()).contains(url());
		assertThat(found.get("model").asString()).isEqualTo("AkashGen");
	}

	@Test
	void responseIsNeitherCancelledNorDeleted() {
		HttpResponse<String> cancelled = service.post("/v1/responses/resp_1/cancel", "", "Authorization", "Bearer k");
		assertThat(cancelled.statusCode()).isEqualTo(404);
		assertThat(RunningService.json(cancelled).at("/error/message").asString())
			.isEqualTo("Responses cannot be cancelled, as AkashGen cannot be told to stop");
		HttpResponse<byte[]> deleted = service.bytes("DELETE", "/v1/responses/resp_1", "Authorization", "Bearer k");
		assertThat(deleted.statusCode()).isEqualTo(404);
		assertThat(RunningService.JSON.readTree(deleted.body()).at("/error/message").asString())
			.startsWith("Responses cannot be deleted");
	}

	private static String url() {
		return service.origin() + "/images?id=" + AkashGenDouble.JOB;
	}

	private static ResponseDefinitionBuilder pending(int queuePosition) {
		return AkashGenDouble.text("[{\"job_id\":\"%s\",\"status\":\"pending\",\"result\":\"\",\"queue_position\":%d}]"
			.formatted(AkashGenDouble.JOB, queuePosition));
	}

	private static HttpResponse<String> post(String body, String... headers) {
		return post(service, body, headers);
	}

	private static HttpResponse<String> post(RunningService of, String body, String... headers) {
		return of.post("/v1/responses", body,
				Stream.concat(Stream.of("Authorization", "Bearer k"), Stream.of(headers)).toArray(String[]::new));
	}

	private static JsonNode find(RunningService of, String id) {
		HttpResponse<String> found = of.get("/v1/responses/" + id, "Authorization", "Bearer k");
		assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
		return RunningService.json(found);
	}

	/** The events in order; each has its type as its name, and its number. */
	private static List<JsonNode> events(HttpResponse<String> stream) {
		assertThat(stream.statusCode()).as(stream.body()).isEqualTo(200);
		List<String> events = Stream.of(stream.body().split("\n\n")).filter((event) -> !event.startsWith(":")).toList();
		for (int i = 0; i < events.size(); i++) {
			JsonNode event = RunningService.JSON
				.readTree(events.get(i).substring(events.get(i).indexOf("\ndata: ") + 7));
			assertThat(events.get(i)).startsWith("event: " + event.get("type").asString() + "\ndata: {");
			assertThat(event.get("sequence_number").asInt()).isEqualTo(i);
		}
		return events.stream()
			.map((event) -> RunningService.JSON.readTree(event.substring(event.indexOf("\ndata: ") + 7)))
			.toList();
	}

	private static List<String> types(List<JsonNode> events) {
		return events.stream().map((event) -> event.get("type").asString()).toList();
	}

}
