package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * OpenAI's image generations, against the whole service. JSON is written with apostrophes
 * for quotes.
 */
class ImageGenerationTests {

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen);

	@Test
	void generationHasALinkAndTheRevisedPrompt() {
		long before = System.currentTimeMillis() / 1000;
		HttpResponse<String> response = generate("'prompt':' a fox '");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode body = RunningService.json(response);
		assertThat(body.propertyNames()).containsExactly("created", "data", "output_format");
		assertThat(body.get("created").isIntegralNumber()).isTrue();
		assertThat(body.get("created").asLong()).isBetween(before, before + 60);
		assertThat(body.get("output_format").asString()).isEqualTo("webp");
		assertThat(body.get("data")).hasSize(1);
		assertThat(body.at("/data/0").propertyNames()).containsExactly("url", "revised_prompt");
		assertThat(body.at("/data/0/url").asString()).isEqualTo(link());
		assertThat(body.at("/data/0/revised_prompt").asString()).isEqualTo("a red fox in the snow");
		LoggedRequest submit = akashGen.submits().getFirst();
		assertThat(submit.getBodyAsString()).contains("\"messages\":[{\"role\":\"user\",\"content\":\"a fox\"}]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "'response_format':'b64_json'", "'model':'gpt-image-1'", "'model':'gpt-image-1-mini'",
			"'model':'chatgpt-image-latest'", "'model':'dall-e-3','response_format':'b64_json'" })
	void generationInBase64HasTheBytesAndNoLink(String fields) {
		JsonNode body = RunningService.json(generate("'prompt':'a fox'," + fields));
		assertThat(body.at("/data/0").propertyNames()).containsExactly("b64_json", "revised_prompt");
		assertThat(bytes(body, 0)).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(body.get("output_format").asString()).isEqualTo("webp");
	}

	@ParameterizedTest
	@ValueSource(strings = { "'response_format':'url'", "'model':'dall-e-3'", "'model':null,'response_format':null",
			"'model':'gpt-image-1','response_format':'url'", "'model':'my-gpt-image'", "'model':''" })
	void generationWithALinkHasNoBytes(String fields) {
		JsonNode body = RunningService.json(generate("'prompt':'a fox'," + fields));
		assertThat(body.at("/data/0").propertyNames()).containsExactly("url", "revised_prompt");
	}

	@ParameterizedTest
	@CsvSource({ "png, png, image/png", "PNG, png, image/png", "jpeg, jpeg, image/jpeg", "jpg, jpeg, image/jpeg",
			"webp, webp, image/webp", "'', webp, image/webp" })
	void generationHasTheRequestedFormat(String asked, String format, String mediaType) {
		String fields = "'prompt':'a fox','output_format':'" + asked + "'";
		JsonNode inline = RunningService.json(generate(fields + ",'response_format':'b64_json'"));
		assertThat(inline.get("output_format").asString()).isEqualTo(format);
		assertThat(AkashGenDouble.mediaType(bytes(inline, 0))).isEqualTo(mediaType);
		JsonNode linked = RunningService.json(generate(fields));
		assertThat(linked.get("output_format").asString()).isEqualTo(format);
		String url = linked.at("/data/0/url").asString();
		assertThat(url).isEqualTo(format.equals("webp") ? link() : link() + "&format=" + format);
		assertThat(AkashGenDouble.mediaType(service.bytes("GET", url.substring(service.origin().length())).body()))
			.isEqualTo(mediaType);
	}

	@ParameterizedTest
	@CsvSource({ "png, webp, png, ''", "png, png, png, ''", "jpeg, webp, png, &format=png", "jpeg, jpeg, jpeg, ''",
			"jpeg, '', jpeg, ''" })
	void generationIsNotConvertedToWebp(String made, String asked, String format, String query) {
		byte[] image = AkashGenDouble.picture(made, 16);
		akashGen.file(AkashGenDouble.webp(image));
		String fields = "'prompt':'a fox','output_format':'" + asked + "'";
		JsonNode inline = RunningService.json(generate(fields + ",'response_format':'b64_json'"));
		assertThat(inline.get("output_format").asString()).isEqualTo(format);
		assertThat(AkashGenDouble.mediaType(bytes(inline, 0))).isEqualTo("image/" + format);
		if (made.equals(format)) {
			assertThat(bytes(inline, 0)).isEqualTo(image);
		}
		JsonNode linked = RunningService.json(generate(fields));
		assertThat(linked.get("output_format").asString()).isEqualTo(format);
		assertThat(linked.at("/data/0/url").asString()).isEqualTo(link() + query);
	}

	@Test
	void generationWithCompressionIsAJpegOfThatQuality() {
		String fields = "'prompt':'a fox','response_format':'b64_json','output_format':'jpeg','output_compression':";
		byte[] small = bytes(RunningService.json(generate(fields + "10")), 0);
		byte[] large = bytes(RunningService.json(generate(fields + "100")), 0);
		assertThat(AkashGenDouble.mediaType(small)).isEqualTo("image/jpeg");
		assertThat(small.length).isLessThan(large.length / 4);
	}

	@Test
	void generationWhenOlderDialectReadsImageFromDataUrl() {
		akashGen.status(AkashGenDouble.row("completed", AkashGenDouble.dataUrl(AkashGenDouble.PICTURE)));
		JsonNode body = RunningService
			.json(generate("'prompt':'a fox','response_format':'b64_json','output_format':'png'"));
		assertThat(AkashGenDouble.mediaType(bytes(body, 0))).isEqualTo("image/png");
		assertThat(akashGen.downloads()).isZero();
	}

	@Test
	void generationOfSeveralHasAll() {
		Map<String, byte[]> images = Map.of("job-1", AkashGenDouble.picture("fox"), "job-2",
				AkashGenDouble.picture("cat"), "job-3", AkashGenDouble.picture("city"));
		akashGen.jobs("job-1", "job-2", "job-3");
		images.forEach(akashGen::pictureOf);
		JsonNode body = RunningService.json(generate("'prompt':'a fox','n':3,'response_format':'b64_json'"));
		assertThat(body.get("data")).hasSize(3);
		assertThat(body.get("data")).extracting((image) -> image.get("revised_prompt").asString())
			.containsExactlyInAnyOrder("prompt of job-1", "prompt of job-2", "prompt of job-3");
		for (int i = 0; i < 3; i++) {
			String job = body.at("/data/" + i + "/revised_prompt").asString().substring("prompt of ".length());
			assertThat(bytes(body, i)).isEqualTo(images.get(job));
		}
	}

	@Test
	void generationOfSeveralWhenFormatsDifferHasNoOutputFormat() {
		akashGen.jobs("job-1", "job-2");
		akashGen.pictureOf("job-1", AkashGenDouble.PICTURE);
		akashGen.pictureOf("job-2", AkashGenDouble.picture("png", 16));
		JsonNode body = RunningService.json(generate("'prompt':'a fox','n':2"));
		assertThat(body.propertyNames()).containsExactly("created", "data");
		assertThat(body.get("data")).hasSize(2);
	}

	@Test
	void generationOfSeveralWhenOneFailsHasTheOthers() {
		akashGen.jobs("job-1", "job-2", "job-3");
		akashGen.pictureOf("job-1", AkashGenDouble.PICTURE);
		akashGen.statusOf("job-2", "failed", "out of memory");
		akashGen.pictureOf("job-3", AkashGenDouble.PICTURE);
		HttpResponse<String> response = generate("'prompt':'a fox','n':3");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(RunningService.json(response).get("data")).extracting((image) -> image.get("url").asString())
			.containsExactlyInAnyOrder(link("job-1"), link("job-3"));
	}

	@Test
	void generationOfSeveralWhenOneCannotBeConvertedHasTheOthers() {
		akashGen.jobs("job-1", "job-2");
		akashGen.pictureOf("job-1", AkashGenDouble.broken());
		akashGen.pictureOf("job-2", AkashGenDouble.PICTURE);
		HttpResponse<String> response = generate(
				"'prompt':'a fox','n':2,'output_format':'png','response_format':'b64_json'");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(RunningService.json(response).get("data"))
			.extracting((image) -> image.get("revised_prompt").asString())
			.containsExactly("prompt of job-2");
	}

	@Test
	void generationOfSeveralWhenAllFailFails() {
		akashGen.status(AkashGenDouble.row("failed", "out of memory"));
		HttpResponse<String> response = generate("'prompt':'a fox','n':3");
		assertThat(response.statusCode()).isEqualTo(502);
		JsonNode error = RunningService.json(response).get("error");
		assertThat(error.get("message").asString()).isEqualTo("Image generation failed: out of memory");
		assertThat(error.get("code").asString()).isEqualTo("image_generation_failed");
		assertThat(akashGen.submits()).hasSize(3);
	}

	@Test
	void generationWhenAkashGenAnswersInTextHasTheText() {
		akashGen.chat(AkashGenDouble.text("f:{}\n0:\"Which fox?\"\nd:{}\n"));
		HttpResponse<String> response = generate("\"prompt\":\"a fox\"");
		assertThat(RunningService.json(response).at("/error/message").asString())
			.isEqualTo("Failed to extract jobId from response: Which fox?");
		assertThat(RunningService.json(response).at("/details/response").asString()).isEqualTo("Which fox?");
	}

	@Test
	void generationWhenTheImageCannotBeConvertedFails() {
		akashGen.file(AkashGenDouble.webp(AkashGenDouble.broken()));
		HttpResponse<String> response = generate("'prompt':'a fox','output_format':'png','response_format':'b64_json'");
		assertThat(response.statusCode()).isEqualTo(502);
		JsonNode error = RunningService.json(response).get("error");
		assertThat(error.get("message").asString())
			.isEqualTo("AkashGen's image cannot be converted: the WEBP file is broken");
		assertThat(error.get("code").asString()).isEqualTo("image_generation_failed");
	}

	@Test
	void generationWhenAkashGenIsTooSlowHasTheUrlOfTheImage() {
		akashGen.status(AkashGenDouble.row("pending", ""));
		HttpResponse<String> response = generate("'prompt':'a fox'");
		assertThat(response.statusCode()).isEqualTo(504);
		JsonNode body = RunningService.json(response);
		assertThat(body.at("/error/code").asString()).isEqualTo("image_generation_timeout");
		assertThat(body.get("imageUrl").asString()).isEqualTo(link());
	}

	@ParameterizedTest
	@ValueSource(strings = { "'size':'1792x1024'", "'size':null", "'size':{'w':1}", "'quality':5", "'style':['vivid']",
			"'background':false", "'moderation':'low'", "'user':{'a':[1]}", "'partial_images':3", "'seed':1",
			"'stream':false", "'stream':null", "'n':null", "'n':1.0", "'output_format':null",
			"'output_compression':null", "'output_compression':50", "'n':''", "'n':' '", "'n':'1'", "'n':' 1.0 '",
			"'response_format':''", "'response_format':null", "'response_format':' URL '", "'output_format':''",
			"'output_compression':''", "'output_compression':'50'", "'stream':''", "'stream':'false'",
			"'stream':'False'", "'stream':0", "'stream':'0'", "'model':''" })
	void generationIgnoresUnknownFields(String field) {
		assertThat(generate("'prompt':'a fox'," + field).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "'n':1 | prompt is missing or has no text; it must describe the image",
					"'prompt':null | prompt is missing or has no text; it must describe the image",
					"'prompt':' ' | prompt is missing or has no text; it must describe the image",
					"'prompt':5 | prompt must be a string", "'prompt':['a fox'] | prompt must be a string",
					"'prompt':'fox','n':11 | n must be a whole number from 1 to 10",
					"'prompt':'fox','n':0 | n must be a whole number from 1 to 10",
					"'prompt':'fox','n':-1 | n must be a whole number from 1 to 10",
					"'prompt':'fox','n':1.5 | n must be a whole number from 1 to 10",
					"'prompt':'fox','n':1e999999999 | n must be a whole number from 1 to 10",
					"'prompt':'fox','n':'two' | n must be a number",
					"'prompt':'fox','n':'11' | n must be a whole number from 1 to 10",
					"'prompt':'fox','n':true | n must be a number", "'prompt':'fox','n':[1] | n must be a number",
					"'prompt':'fox','model':5 | model must be a string",
					"'prompt':'fox','response_format':'base64' | response_format must be url or b64_json",
					"'prompt':'fox','response_format':{'type':'url'} | response_format must be a string",
					"'prompt':'fox','output_format':'gif' | output_format must be png, jpeg or webp",
					"'prompt':'fox','output_format':5 | output_format must be a string",
					"'prompt':'fox','output_compression':101 | output_compression must be a whole number from 0 to 100",
					"'prompt':'fox','output_compression':-1 | output_compression must be a whole number from 0 to 100",
					"'prompt':'fox','output_compression':'best' | output_compression must be a number",
					"'prompt':'fox','partial_images':4 | partial_images must be a whole number from 0 to 3",
					"'prompt':'fox','stream':true,'partial_images':'few' | partial_images must be a number",
					"'prompt':'fox','stream':true,'n':0 | n must be a whole number from 1 to 10",
					"'prompt':'fox','stream':'yes' | stream must be true or false" })
	void generationWhenFieldIsWrongIsRefusedWithoutASubmit(String fields, String message) {
		HttpResponse<String> response = generate(fields);
		assertThat(response.statusCode()).isEqualTo(400);
		JsonNode error = RunningService.json(response).get("error");
		assertThat(error.get("message").asString()).isEqualTo(message);
		assertThat(error.get("param").asString()).isEqualTo(message.substring(0, message.indexOf(' ')));
		assertThat(akashGen.requests()).isZero();
	}

	@Test
	void generationWhenThePromptIsTooLongIsRefusedWithoutASubmit() {
		HttpResponse<String> response = generate("'prompt':'" + "x".repeat(200_001) + "'");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).at("/error/message").asString())
			.isEqualTo("prompt is longer than 200,000 characters");
		assertThat(akashGen.requests()).isZero();
	}

	@Test
	void generationWhenAkashGenRefusesThePromptNamesTheField() {
		akashGen.chat(AkashGenDouble.text("[Message too long for this model.]").withStatus(400));
		HttpResponse<String> response = generate("'prompt':'fox'");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).at("/error/param").asString()).isEqualTo("prompt");
		assertThat(RunningService.json(response).at("/error/message").asString())
			.isEqualTo("prompt is refused: [Message too long for this model.]");
	}

	@Test
	void generationWithoutAKeyIsRefused() {
		assertThat(service.post("/v1/images/generations", "{\"prompt\":\"fox\"}").statusCode()).isEqualTo(401);
		assertThat(akashGen.requests()).isZero();
	}

	private static HttpResponse<String> generate(String fields) {
		return service.post("/v1/images/generations", "{" + fields.replace('\'', '"') + "}", "Authorization",
				"Bearer k", "Content-Type", "application/json");
	}

	private static byte[] bytes(JsonNode body, int index) {
		return Base64.getDecoder().decode(body.at("/data/" + index + "/b64_json").asString());
	}

	private static String link() {
		return link(AkashGenDouble.JOB);
	}

	private static String link(String job) {
		return service.origin() + "/images?id=" + job;
	}

}
