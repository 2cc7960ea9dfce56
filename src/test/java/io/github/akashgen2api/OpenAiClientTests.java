package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Completions, errors and models for OpenAI clients.
 */
class OpenAiClientTests {

	private static final String FOX = "\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]";

	private static final String FAILED = "{\"error\":{\"message\":\"Image generation failed: out of memory\",\"type\":\"server_error\","
			+ "\"param\":null,\"code\":\"image_generation_failed\"},\"details\":\"out of memory\"}";

	private static final String FAILED_SIMPLY = "{\"error\":\"Image generation failed\",\"details\":\"out of memory\"}";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "MODELS=dall-e-3, org/flux,,AkashGen");

	@Test
	void completionIsOpenAisWithTheFieldsOfTheReadme() {
		long before = Instant.now().getEpochSecond();
		JsonNode body = RunningService.json(service.post("{\"model\":\"dall-e-3\",\"temperature\":1," + FOX + "}"));
		String imageUrl = service.origin() + "/images?id=" + AkashGenDouble.JOB;
		assertThat(body.get("created").asLong()).isBetween(before, Instant.now().getEpochSecond());
		assertThat(body.toString()).isEqualTo(("{\"id\":\"JOB\",\"object\":\"chat.completion\",\"created\":"
				+ body.get("created")
				+ ",\"model\":\"dall-e-3\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
				+ "\"![a red fox in the snow](URL)\\n\\na red fox in the snow\",\"refusal\":null},\"logprobs\":null,"
				+ "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0},"
				+ "\"response\":\"<image_generation> jobId='JOB' prompt='a red fox in the snow' negative='blurry'</image_generation>\\n"
				+ "![Generated Image](URL)\",\"status\":\"completed\",\"imageUrl\":\"URL\"}")
			.replace("JOB", AkashGenDouble.JOB)
			.replace("URL", imageUrl));
	}

	@Test
	void completionHasTheImageAsAPartIfRequested() {
		JsonNode message = RunningService.json(service.post("{\"modalities\":[\"image\",\"text\"]," + FOX + "}"))
			.at("/choices/0/message");
		assertThat(message.get("images")).hasToString("[{\"type\":\"image_url\",\"image_url\":{\"url\":\""
				+ service.origin() + "/images?id=" + AkashGenDouble.JOB + "\"}}]");
		assertThat(message.get("content").asString()).startsWith("![");
		assertThat(service.post("{\"modalities\":[\"text\"]," + FOX + "}").body()).doesNotContain("\"images\"");
		HttpResponse<String> wrong = service.post("{\"modalities\":\"image\"," + FOX + "}");
		assertThat(wrong.statusCode()).isEqualTo(400);
		assertThat(wrong.body()).contains("modalities must be an array");
	}

	@Test
	void completionWhenThePromptIsMarkupShowsItAsText() {
		akashGen.chat(AkashGenDouble.queued("a [cat's] \"hat\"\n\n```\n<b>*x* & https://a.b/_c_", ""));
		assertThat(content("{\"n\":1," + FOX + "}"))
			.endsWith("\n\na [|cat's]| \"hat\" \\`\\`\\` <|b>\\*x\\* &| https\\:|//a.b/\\_c\\_".replace('|', '\u2060'));
	}

	@Test
	void completionWhenThePromptIsLongHasAShortAlternativeText() {
		akashGen.chat(AkashGenDouble.queued("🦊".repeat(200), ""));
		assertThat(content("{\"n\":1," + FOX + "}")).startsWith("![" + "🦊".repeat(120) + "](")
			.endsWith(")\n\n" + "🦊".repeat(200));
	}

	@Test
	void completionWhenThePromptIsUnknownHasOnlyTheImage() {
		akashGen.chat(AkashGenDouble.text("0:\"<image_generation> jobId='" + AkashGenDouble.JOB + "' prompt='a re"));
		assertThat(content("{\"n\":1," + FOX + "}"))
			.isEqualTo("![Generated image](" + service.origin() + "/images?id=" + AkashGenDouble.JOB + ")");
	}

	@Test
	void completionInTheHistoryIsSentAsText() {
		akashGen.chat(AkashGenDouble.queued("a [cat's] \"hat\" & 5 * 3 &#42;", ""));
		String content = content("{\"n\":1," + FOX + "}");
		service.post(
				"{\"n\":1,\"messages\":[{\"role\":\"user\",\"content\":\"a hat\"},{\"role\":\"assistant\",\"content\":"
						+ RunningService.JSON.writeValueAsString(content)
						+ "},{\"role\":\"user\",\"content\":\"make it blue\"}]}");
		JsonNode sent = RunningService.JSON.readTree(akashGen.submits().getLast().getBodyAsString()).get("messages");
		assertThat(sent.get(1).get("content").asString()).isEqualTo("a [cat's] \"hat\" & 5 * 3 &#42;");
		assertThat(sent.get(2).get("content").asString()).isEqualTo("make it blue");
	}

	private static String content(String request) {
		return RunningService.json(service.post(request)).at("/choices/0/message/content").asString();
	}

	@Test
	void textAnswerIsTheAssistantsMessage() {
		akashGen.chat(AkashGenDouble.text("f:{}\n0:\"I can *paint*. \"\n0:\"" + "x".repeat(2000) + "\"\nd:{}\n"));
		HttpResponse<String> response = service.post("{\"n\":1," + FOX + "}");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode body = RunningService.json(response);
		assertThat(body.at("/choices/0/message/content").asString()).isEqualTo("I can *paint*. " + "x".repeat(2000));
		assertThat(body.propertyNames()).containsExactly("id", "object", "created", "model", "choices", "usage");
		assertThat(body.get("id").asString()).startsWith("chatcmpl-");
	}

	@Test
	void auxiliaryRequestIsAnsweredWithText() {
		String chore = "\"messages\":[{\"role\":\"user\",\"content\":\"### Task:\\nGenerate tags.\\nJSON format: { \\\"tags\\\": [] }\"}]}";
		assertThat(content("{\"max_tokens\":1000,\"stream\":false," + chore)).isEqualTo("{\"tags\":[\"General\"]}");
		assertThat(service.post("{\"stream\":true," + chore).body())
			.contains("\"delta\":{\"content\":\"{\\\"tags\\\":[\\\"General\\\"]}\"}")
			.endsWith("data: [DONE]\n\n");
		assertThat(akashGen.submits()).isEmpty();
		assertThat(service.post("{" + chore).statusCode()).isEqualTo(200);
		assertThat(akashGen.submits()).hasSize(1);
		try (RunningService painting = RunningService.against(akashGen, "ANSWER_CHORES=false")) {
			assertThat(painting.post("{\"stream\":false," + chore).body()).contains("images?id=");
		}
		assertThat(akashGen.submits()).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"{\"model\":\"AkashGen\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"a fox\"},{\"role\":\"assistant\",\"content\":\"![a](b)\"},{\"role\":\"user\",\"content\":\"Please generate a four to five word title summarizing our conversation without any lead-in, punctuation, quotation marks, periods, symbols, bold text, or additional text. Remove enclosing quotation marks.\"}]}",
			"{\"model\":\"gpt-5-mini\",\"stream\":true,\"messages\":[{\"role\":\"developer\",\"content\":\"You are a professional conversation summarizer. Generate a concise title that captures the essence\"},{\"role\":\"user\",\"content\":\"user: a fox\\nassistant: here\"}]}" })
	void titleCostsNoImage(String request) {
		assertThat(service.post(request).body()).contains("\"content\":\"a fox\"");
		assertThat(akashGen.submits()).isEmpty();
		try (RunningService painting = RunningService.against(akashGen, "ANSWER_CHORES=false")) {
			assertThat(painting.post(request).body()).contains("images?id=");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "max_tokens", "max_completion_tokens", "max_output_tokens" })
	void connectionTestCostsNoImage(String field) {
		String test = "{\"" + field + "\":1,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
		assertThat(content(test)).isNotBlank();
		assertThat(service.post(test.replaceFirst("\\{", "{\"stream\":true,")).body()).endsWith("data: [DONE]\n\n");
		assertThat(akashGen.submits()).isEmpty();
		try (RunningService simple = RunningService.against(akashGen, "API_DIALECT=simple")) {
			assertThat(simple.post(test).body()).contains("images?id=");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/models", "/v1/models/" })
	void modelsAreListedWithASlashOrWithout(String path) {
		HttpResponse<String> response = service.get(path, "Authorization", "Bearer k");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
		assertThat(RunningService.json(response).at("/data/0/id").asString()).isEqualTo("AkashGen");
		assertThat(service.get("/v1/models/none", "Authorization", "Bearer k").body())
			.contains("The model 'none' does not exist");
	}

	@Test
	void instructionAloneIsThePrompt() {
		assertThat(service.post(
				"{\"n\":1,\"messages\":[{\"role\":\"system\",\"content\":\"a wolf\"},{\"role\":\"system\",\"content\":\"a fox\"}]}")
			.statusCode()).isEqualTo(200);
		assertThat(RunningService.JSON.readTree(akashGen.submits().getLast().getBodyAsString())
			.at("/messages/0/content")
			.asString()).isEqualTo("a fox");
	}

	static Stream<Arguments> clients() {
		return Stream.of(Arguments.of("readme", "{" + FOX + "}", new String[0], false),
				Arguments.of("readme with model", "{\"model\":\"m\"," + FOX + "}", new String[0], false),
				Arguments.of("waitForImage", "{\"waitForImage\":true," + FOX + "}", new String[0], false),
				Arguments.of("waitForImage and others", "{\"waitForImage\":true,\"n\":1,\"stream\":false," + FOX + "}",
						new String[] { "X-Stainless-Lang", "js" }, false),
				Arguments.of("temperature", "{\"temperature\":1," + FOX + "}", new String[0], true),
				Arguments.of("unknown null", "{" + FOX + ",\"whatever\":null}", new String[0], true),
				Arguments.of("unknown object", "{\"tools\":[{\"a\":{\"b\":[1]}}]," + FOX + "}", new String[0], true),
				Arguments.of("stream false", "{\"stream\":false," + FOX + "}", new String[0], true),
				Arguments.of("stainless", "{" + FOX + "}", new String[] { "X-Stainless-Lang", "python" }, true),
				Arguments.of("ai-sdk", "{" + FOX + "}", new String[] { "User-Agent", "ai/5 ai-sdk/provider" }, true),
				Arguments.of("ai-sdk 7", "{" + FOX + "}",
						new String[] { "User-Agent", "ai/7.0.173 ai-sdk-provider-utils/5.0.81 node.js/22" }, true),
				Arguments.of("other agent", "{" + FOX + "}", new String[] { "User-Agent", "openai-sdk" }, false));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("clients")
	void errorHasTheShapeOfTheClient(String name, String request, String[] headers, boolean isOpenAi) {
		akashGen.status(AkashGenDouble.row("failed", "out of memory"));
		HttpResponse<String> response = service.post("/v1/chat/completions", request, withKey(headers));
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.body()).isEqualTo(isOpenAi ? FAILED : FAILED_SIMPLY);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
		assertThat(response.headers().firstValue("x-should-retry")).hasValue("false");
	}

	@ParameterizedTest
	@CsvSource({ "auto,true,false", "simple,false,false", "openai,true,true" })
	void dialectThatIsSetIsUsed(String dialect, boolean toOpenAi, boolean toSimple) {
		akashGen.status(AkashGenDouble.row("failed", "out of memory"));
		try (RunningService set = RunningService.against(akashGen, "API_DIALECT=" + dialect)) {
			assertThat(set.post("{\"n\":1," + FOX + "}").body()).isEqualTo(toOpenAi ? FAILED : FAILED_SIMPLY);
			assertThat(set.post("{" + FOX + "}").body()).isEqualTo(toSimple ? FAILED : FAILED_SIMPLY);
			assertThat(set.post("{\"stream\":true," + FOX + "}").body())
				.endsWith("event: error\ndata: " + FAILED + "\n\n");
			assertThat(set.get("/v1/nothing", "Authorization", "Bearer k").body()).contains("\"code\":\"unknown_url\"");
			assertThat(set.get("/v1/nothing").body()).contains("\"code\":\"invalid_api_key\"");
		}
	}

	private static String[] withKey(String... headers) {
		return Stream.concat(Stream.of("Authorization", "Bearer k"), Stream.of(headers)).toArray(String[]::new);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "not JSON | body | invalid_json | null",
					"{'messages':5,'n':1} | messages must be an array | invalid_value | messages",
					"{'messages':[],'n':1} | messages must not be empty | invalid_value | messages",
					"{'n':1} | messages is missing | invalid_value | messages",
					"{'stream':'yes'} | stream must be true or false | invalid_value | stream",
					"{'stream_options':5} | stream_options must be an object | invalid_value | stream_options" })
	void badRequestNamesTheField(String body, String message, String code, String param) {
		HttpResponse<String> response = service.post("/v1/chat/completions", body.replace('\'', '"'),
				withKey("X-Stainless-Lang", "js"));
		assertThat(response.statusCode()).isEqualTo(400);
		JsonNode error = RunningService.json(response).get("error");
		assertThat(error.get("message").asString()).contains(message);
		assertThat(error.get("type").asString()).isEqualTo("invalid_request_error");
		assertThat(error.get("code").asString()).isEqualTo(code);
		assertThat(error.get("param").asString("null")).isEqualTo(param);
		assertThat(response.headers().firstValue("x-should-retry")).isEmpty();
		assertThat(akashGen.submits()).isEmpty();
	}

	@Test
	void dialectOfAnInvalidBodyFollowsTheHeaders() {
		assertThat(RunningService.json(service.post("{\"n\":1,\"messages\":5}")).get("error").isString()).isTrue();
	}

	static Stream<Arguments> refusals() {
		return Stream.of(
				Arguments.of(AkashGenDouble.text("[Message too long]").withStatus(400), 400, "context_length_exceeded",
						true),
				Arguments.of(
						AkashGenDouble.json(500, "{\"error\":\"Error generating image\",\"message\":\"No workers\"}"),
						502, "upstream_unavailable", true),
				Arguments.of(AkashGenDouble.text("3:\"Failed after 3 attempts\"\n"), 502, "upstream_unavailable", true),
				Arguments.of(AkashGenDouble.text(AkashGenDouble.tag("undefined", "a fox", "")), 502,
						"image_generation_failed", false),
				Arguments.of(aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.EMPTY_RESPONSE), 502,
						"image_generation_failed", false),
				Arguments.of(AkashGenDouble.html(403), 502, "image_generation_failed", false));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void errorHasACodeAndSaysWhetherToRepeat(ResponseDefinitionBuilder answer, int status, String code,
			boolean mayRetry) {
		akashGen.chat(answer);
		HttpResponse<String> response = service.post("{\"n\":1," + FOX + "}");
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(RunningService.json(response).at("/error/code").asString()).isEqualTo(code);
		assertThat(response.headers().firstValue("x-should-retry").isEmpty()).isEqualTo(mayRetry);
	}

	@ParameterizedTest
	@CsvSource({ "3, true", "7200, false" })
	void rateLimitMayBeRepeatedIfItIsShort(int seconds, boolean mayRetry) {
		akashGen.chat(AkashGenDouble.json(429, "{\"error\":\"Rate limit exceeded\",\"message\":\"used up\"}")
			.withHeader("Retry-After", String.valueOf(seconds)));
		try (RunningService limited = RunningService.against(akashGen)) {
			HttpResponse<String> response = limited.post("{\"n\":1," + FOX + "}");
			assertThat(response.statusCode()).isEqualTo(429);
			assertThat(RunningService.json(response).at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
			assertThat(RunningService.json(response).at("/error/type").asString()).isEqualTo("rate_limit_error");
			assertThat(Integer.parseInt(response.headers().firstValue("Retry-After").orElseThrow()))
				.as("the time is in whole seconds")
				.isBetween(seconds - 2, seconds + 1);
			assertThat(response.headers().firstValue("x-should-retry").isEmpty()).isEqualTo(mayRetry);
		}
	}

	@Test
	void timeoutNamesThePendingImage() {
		akashGen.status(AkashGenDouble.row("pending", ""));
		HttpResponse<String> response = service.post("{\"n\":1," + FOX + "}");
		assertThat(response.statusCode()).isEqualTo(504);
		JsonNode body = RunningService.json(response);
		assertThat(body.at("/error/code").asString()).isEqualTo("image_generation_timeout");
		assertThat(body.get("id").asString()).isEqualTo(AkashGenDouble.JOB);
		assertThat(body.get("imageUrl").asString()).endsWith("/images?id=" + AkashGenDouble.JOB);
		assertThat(response.headers().firstValue("x-should-retry")).hasValue("false");
		assertThat(response.headers().firstValue("Retry-After")).isEmpty();
	}

	@Test
	void modelsAreAkashGenAndTheConfiguredOnes() {
		JsonNode models = RunningService.json(service.get("/v1/models", "Authorization", "Bearer k"));
		assertThat(models.get("object").asString()).isEqualTo("list");
		assertThat(models.get("data").valueStream().map((model) -> model.get("id").asString()))
			.containsExactly("AkashGen", "dall-e-3", "org/flux");
		JsonNode model = RunningService.json(service.get("/v1/models/org/flux", "Authorization", "Bearer k"));
		assertThat(model).isEqualTo(models.get("data").get(2));
		assertThat(RunningService.json(service.get("/v1/models/org%2Fflux", "Authorization", "Bearer k")))
			.isEqualTo(model);
		assertThat(model.propertyNames()).containsExactly("id", "object", "created", "owned_by");
		assertThat(model.get("object").asString()).isEqualTo("model");
		assertThat(model.get("created").isInt()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "/v1/models/gpt-4o, model_not_found, The model 'gpt-4o' does not exist",
			"/v1/embeddings, unknown_url, Not found: GET /v1/embeddings",
			"/v1/dashboard/billing/usage, unknown_url, Not found: GET /v1/dashboard/billing/usage" })
	void notFoundIsInOpenAisShape(String path, String code, String message) {
		HttpResponse<String> response = service.get(path, "Authorization", "Bearer k", "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(RunningService.json(response).at("/error/code").asString()).isEqualTo(code);
		assertThat(RunningService.json(response).at("/error/message").asString()).isEqualTo(message);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Stainless-Lang", "Accept" })
	void wrongMethodHasTheShapeOfTheHeaders(String header) {
		HttpResponse<String> response = service.get("/v1/chat/completions", "Authorization", "Bearer k", header, "js");
		assertThat(response.statusCode()).isEqualTo(405);
		assertThat(RunningService.json(response).get("error").isObject()).isEqualTo(header.startsWith("X"));
	}

}
