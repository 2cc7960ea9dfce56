package io.github.akashgen2api;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * OpenAI's image edits and variations, against the whole service. JSON is written with
 * apostrophes for quotes.
 */
class ImageEditTests {

	private static final String EDITS = "/v1/images/edits";

	private static final List<String> KEYS = IntStream.range(0, 50).mapToObj((i) -> "key-" + i).toList();

	private static final AtomicInteger USED = new AtomicInteger();

	private static final AtomicInteger JOBS = new AtomicInteger();

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "API_KEY=other," + String.join(",", KEYS),
			"bodies.limit=4MB", "POLL_MAX_ATTEMPTS=100000");

	/** Each test has a key of its own, as a key sees all its jobs. */
	private final String key = KEYS.get(USED.getAndIncrement());

	@ParameterizedTest
	@ValueSource(strings = { "", "&format=png", "&format=jpeg", "&format=webp" })
	void imageOfThisServiceContinuesItsConversation(String format) {
		String fox = paint();
		byte[] image = service.bytes("GET", "/images?id=" + fox + format).body();
		String edited = nextJob();
		JsonNode body = RunningService.json(edit(text("prompt", " make it blue "), file("image", image)));
		assertThat(body.at("/data/0/url").asString()).isEqualTo(link(edited));
		assertThat(Base64.getDecoder().decode(body.at("/data/0/b64_json").asString()))
			.isEqualTo(service.bytes("GET", "/images?id=" + edited).body());
		assertThat(submitted()).isEqualTo(continued(fox));
	}

	@ParameterizedTest
	@CsvSource({ "url, url", "b64_json, b64_json" })
	void answerHasOnlyWhatIsAskedFor(String responseFormat, String field) {
		nextJob();
		JsonNode body = RunningService.json(edit(text("prompt", "a cat"), text("response_format", responseFormat)));
		assertThat(body.at("/data/0").propertyNames()).containsExactlyInAnyOrder(field, "revised_prompt");
	}

	@Test
	void imageInBase64ContinuesItsConversation() {
		String fox = nextJob(AkashGenDouble.PICTURE);
		String generated = RunningService
			.json(json("/v1/images/generations", "'prompt':'a fox','response_format':'b64_json','output_format':'png'"))
			.at("/data/0/b64_json")
			.asString();
		nextJob();
		edit(text("prompt", "make it blue"), file("image[]", AkashGenDouble.picture("png", 16)),
				file("image[]", Base64.getDecoder().decode(generated)));
		assertThat(submitted()).isEqualTo(continued(fox));
		nextJob();
		json(EDITS, "'prompt':'make it blue','images':[{'image_url':'data:image/png;base64,%s'}]".formatted(generated));
		assertThat(submitted()).isEqualTo(continued(fox));
		nextJob();
		json(EDITS, "'prompt':'make it blue','image':'data:image/png;base64,%s'"
			.formatted(generated.replace("/", "\\/").replace("+", "\\u002B")));
		assertThat(submitted()).isEqualTo(continued(fox));
	}

	@ParameterizedTest
	@ValueSource(strings = { "'images':[{'image_url':'%s'}]", "'image':'%s'", "'image':['https://a/b.png','%s']",
			"'images':[{'file_id':'file-1'},{'image_url':{'url':'%s'}}]" })
	void linkContinuesTheConversationOfItsImage(String field) {
		String fox = paint();
		for (String link : List.of(link(fox), link(fox) + "&format=png",
				"https://another/v1/images?format=png&id=" + fox, "https://another/images/" + fox + ".webp")) {
			nextJob();
			json(EDITS, "'prompt':'make it blue'," + field.formatted(link));
			assertThat(submitted()).isEqualTo(continued(fox));
		}
	}

	@Test
	void linkInAFormContinuesTheConversationOfItsImage() {
		String fox = paint();
		nextJob();
		edit(text("prompt", "make it blue"), text("image", link(fox)));
		assertThat(submitted()).isEqualTo(continued(fox));
	}

	@Test
	void editOfAnEditHasTheLastThreeTexts() {
		String fox = paint();
		String blue = nextJob();
		json(EDITS, "'prompt':'make it blue','image':'%s'".formatted(link(fox)));
		nextJob();
		json(EDITS, "'prompt':'and happy','image':'%s'".formatted(link(blue)));
		assertThat(submitted()).isEqualTo("user: make it blue, assistant: prompt of " + blue + ", user: and happy");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://a.example/cat.png", "https://a.example/images?id=unknown", "data:,x", "" })
	void unknownLinkIsIgnored(String link) {
		nextJob();
		json(EDITS, "'prompt':'make it blue','image':'%s'".formatted(link));
		assertThat(submitted()).isEqualTo("user: make it blue");
	}

	@Test
	void strangersImageIsIgnored() {
		paint();
		nextJob();
		edit(text("prompt", "make it blue"), file("image", AkashGenDouble.picture("city")),
				file("mask", AkashGenDouble.PICTURE));
		assertThat(submitted()).isEqualTo("user: make it blue");
	}

	@Test
	void imageOfAnotherKeyIsIgnored() {
		String fox = paint();
		nextJob();
		assertThat(service
			.post(EDITS, form("x", text("prompt", "make it blue"), file("image", AkashGenDouble.PICTURE)),
					"Authorization", "Bearer other", "Content-Type", "multipart/form-data; boundary=x")
			.statusCode()).isEqualTo(200);
		assertThat(submitted()).isEqualTo("user: make it blue");
		nextJob();
		service.post(EDITS, "{\"prompt\":\"make it red\",\"image\":\"" + link(fox) + "\"}", "Authorization",
				"Bearer other");
		assertThat(submitted()).isEqualTo("user: make it red");
	}

	@Test
	void fieldsOfAFormAreThoseOfGenerations() {
		JsonNode body = RunningService
			.json(edit(text("prompt", "a fox"), text("n", "2"), text("model", "gpt-image-1"), text("size", "auto"),
					text("output_format", "jpeg"), text("output_compression", "10"), text("stream", "false")));
		assertThat(body.get("output_format").asString()).isEqualTo("jpeg");
		assertThat(body.get("data")).hasSize(2);
		assertThat(body.at("/data/0").propertyNames()).containsExactly("b64_json", "revised_prompt");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void editIsStreamed(boolean isForm) {
		HttpResponse<String> response = isForm ? edit(text("prompt", "a fox"), text("stream", "true"))
				: json(EDITS, "'prompt':'a fox','stream':true");
		assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream;charset=utf-8");
		assertThat(response.body()).contains("event: image_edit.completed\ndata: {\"type\":\"image_edit.completed\",");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "n | 11 | n must be a whole number from 1 to 10", "n | two | n must be a number",
					"stream | perhaps | stream must be true or false",
					"prompt | '' | prompt is missing or has no text; it must describe the image",
					"output_format | gif | output_format must be png, jpeg or webp",
					"partial_images | 4 | partial_images must be a whole number from 0 to 3" })
	void wrongFieldOfAFormIsNamed(String field, String value, String message) {
		HttpResponse<String> response = field.equals("prompt") ? edit(text(field, value))
				: edit(text("prompt", "a fox"), text(field, value));
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).at("/error/message").asString()).isEqualTo(message);
		assertThat(RunningService.json(response).at("/error/param").asString()).isEqualTo(field);
		assertThat(akashGen.requests()).isZero();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
			"'n':1 | prompt is missing or has no text; it must describe the image",
			"'prompt':'fox','image':5 | image must be a link or a data URL, or an array of objects with one in image_url",
			"'prompt':'fox','images':true | images must be a link or a data URL, or an array of objects with one in image_url",
			"'prompt':['fox'] | prompt must be a string" })
	void wrongFieldInJsonIsNamed(String fields, String message) {
		HttpResponse<String> response = json(EDITS, fields);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).at("/error/message").asString()).isEqualTo(message);
		assertThat(akashGen.requests()).isZero();
	}

	@Test
	void promptThatIsTooLongIsRefused() {
		HttpResponse<String> response = edit(text("prompt", "x".repeat(200_001)));
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).at("/error/message").asString())
			.isEqualTo("prompt is longer than 200,000 characters");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
			"multipart/form-data; boundary=x | {} | The request body is not a valid form: it ends before its last boundary",
			"multipart/form-data | {} | Content-Type must name the boundary of the form",
			"Multipart/Form-Data; boundary=\"x\" | --x | The request body is not a valid form: it ends before its last boundary" })
	void brokenFormIsRefused(String type, String body, String message) {
		HttpResponse<String> response = service.post(EDITS, body, "Authorization", "Bearer " + this.key, "Content-Type",
				type);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).at("/error/code").asString()).isEqualTo("invalid_multipart");
		assertThat(RunningService.json(response).at("/error/message").asString()).isEqualTo(message);
		assertThat(RunningService.json(response).at("/error/param").asString()).isEqualTo("body");
	}

	@Test
	void formThatIsTooLargeIsRefused() {
		HttpResponse<String> response = edit(text("prompt", "a fox"), file("image", new byte[5 * 1024 * 1024]));
		assertThat(response.statusCode()).isEqualTo(413);
		assertThat(RunningService.json(response).at("/error/code").asString()).isEqualTo("request_too_large");
		assertThat(akashGen.requests()).isZero();
	}

	@Test
	void editWithoutAKeyIsRefused() {
		assertThat(service.post(EDITS, "{\"prompt\":\"fox\"}").statusCode()).isEqualTo(401);
	}

	@Test
	void formElsewhereIsReadAsJson() {
		assertThat(service
			.post("/v1/images/generations", "{\"prompt\":\"a fox\"}", "Authorization", "Bearer " + this.key,
					"Content-Type", "multipart/form-data; boundary=x")
			.statusCode()).isEqualTo(200);
	}

	@Test
	void repeatedFormIsTheSameRequestThoughItsBoundaryDiffers() {
		nextJob();
		byte[] image = AkashGenDouble.picture("cat");
		byte[] fox = form("x", text("prompt", "a fox"), file("image", image));
		byte[] again = form("another", text("prompt", "a fox"), file("image", image));
		byte[] cat = form("x", text("prompt", "a cat"), file("image", image));
		String job = once(fox, "x").headers().firstValue("X-Job-Id").orElseThrow();
		assertThat(once(again, "another").headers().firstValue("X-Job-Id")).contains(job);
		assertThat(once(cat, "x").statusCode()).isEqualTo(422);
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void variationsNameWhatThereIsInstead() {
		HttpResponse<String> response = service.post("/v1/images/variations",
				form("x", file("image", AkashGenDouble.PICTURE)), "Authorization", "Bearer " + this.key, "Content-Type",
				"multipart/form-data; boundary=x");
		assertThat(response.statusCode()).isEqualTo(404);
		JsonNode error = RunningService.json(response).get("error");
		assertThat(error.get("code").asString()).isEqualTo("unsupported_endpoint");
		assertThat(error.get("message").asString()).isEqualTo("There are no variations of images, as AkashGen takes "
				+ "words only; send a prompt to /v1/images/edits or /v1/images/generations");
		assertThat(service.post("/v1/images/variations", "").statusCode()).isEqualTo(401);
	}

	/** Have a fox painted, and return its job. */
	private String paint() {
		String job = nextJob(AkashGenDouble.PICTURE);
		assertThat(json("/v1/images/generations", "'prompt':'a fox'").statusCode()).isEqualTo(200);
		return job;
	}

	private String nextJob() {
		return nextJob(AkashGenDouble.picture("cat"));
	}

	/** The job that the next submit starts. */
	private String nextJob(byte[] image) {
		String job = "job-" + JOBS.getAndIncrement();
		akashGen.jobs(job);
		akashGen.pictureOf(job, image);
		return job;
	}

	private static String continued(String job) {
		return "user: a fox, assistant: prompt of " + job + ", user: make it blue";
	}

	private HttpResponse<String> once(byte[] form, String boundary) {
		return service.post(EDITS, form, "Authorization", "Bearer " + this.key, "Idempotency-Key", "once",
				"Content-Type", "multipart/form-data; boundary=" + boundary);
	}

	private HttpResponse<String> edit(byte[]... parts) {
		return service.post(EDITS, form("x", parts), "Authorization", "Bearer " + this.key, "Content-Type",
				"multipart/form-data; boundary=x");
	}

	private HttpResponse<String> json(String path, String fields) {
		return service.post(path, "{" + fields.replace('\'', '"') + "}", "Authorization", "Bearer " + this.key,
				"Content-Type", "application/json");
	}

	/** The conversation that AkashGen received last. */
	private static String submitted() {
		String body = akashGen.submits().getLast().getBodyAsString();
		return String.join(", ",
				RunningService.JSON.readTree(body)
					.get("messages")
					.valueStream()
					.map((message) -> message.get("role").asString() + ": " + message.get("content").asString())
					.toList());
	}

	private static byte[] form(String boundary, byte[]... parts) {
		ByteArrayOutputStream form = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			form.writeBytes(bytes("--" + boundary + "\r\n"));
			form.writeBytes(part);
		}
		form.writeBytes(bytes("--" + boundary + "--\r\n"));
		return form.toByteArray();
	}

	private static byte[] text(String name, String text) {
		return bytes("Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n");
	}

	private static byte[] file(String name, byte[] content) {
		ByteArrayOutputStream part = new ByteArrayOutputStream();
		part.writeBytes(bytes("Content-Disposition: form-data; name=\"" + name
				+ "\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"));
		part.writeBytes(content);
		part.writeBytes(bytes("\r\n"));
		return part.toByteArray();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String link(String job) {
		return service.origin() + "/images?id=" + job;
	}

}
