package io.github.akashgen2api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.images.Image;
import com.openai.models.images.ImageEditCompletedEvent;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageEditStreamEvent;
import com.openai.models.images.ImageGenCompletedEvent;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What users of OpenAI's Java SDK see of edited pictures, and of pictures that are
 * streamed. The types of the SDK validate all that is answered.
 */
class OpenAiJavaEditClientsTests {

	/** A PNG that the service has not made: a pixel. */
	private static final byte[] STRANGERS_PICTURE = Base64.getDecoder()
		.decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

	private final PackagedService service = PackagedService.shared();

	private final OpenAIClient client = client(this.service, "k");

	private final int jobsBefore = this.service.jobs();

	private final int asksBefore = this.service.asks();

	@Test
	void streamBringsEachPicture() {
		List<ImageGenCompletedEvent> events = stream(this.client, image("mountains").n(2).partialImages(2));
		assertThat(events).hasSize(2).allSatisfy((event) -> {
			assertThat(event.outputFormat()).isEqualTo(ImageGenCompletedEvent.OutputFormat.WEBP);
			assertThat(event.size().asString()).matches("\\d+x\\d+");
			assertThat(event.createdAt()).isPositive();
			assertThat(event.usage().totalTokens()).isZero();
			Pictures.assertWebp(decode(event.b64Json()));
		});
		assertThat(jobs()).isEqualTo(2);
	}

	@Test
	void streamWhenAFormatIsAskedForHasIt() {
		assertThat(stream(this.client, image("a city").outputFormat(ImageGenerateParams.OutputFormat.PNG)))
			.singleElement()
			.satisfies((event) -> {
				assertThat(event.outputFormat()).isEqualTo(ImageGenCompletedEvent.OutputFormat.PNG);
				Pictures.assertPng(decode(event.b64Json()));
			});
	}

	@Test
	void streamWhenPaintingFailsAfterItBeganSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> stream(this.client, image("please fail")))
			.withMessageStartingWith("200: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenAkashGenIsOutOfOrderFailsBeforeItBegins() {
		assertThatExceptionOfType(InternalServerException.class)
			.isThrownBy(() -> stream(this.client, image("refuse this")))
			.withMessageStartingWith("502: AkashGen answered 500")
			.satisfies(code("upstream_unavailable"));
		assertThat(asks()).isEqualTo(3);
	}

	@Test
	void streamWhenKeyIsWrongSaysSo() {
		assertThatExceptionOfType(UnauthorizedException.class)
			.isThrownBy(() -> stream(client(this.service, "wrong"), image("a fox")))
			.withMessageStartingWith("401: ")
			.satisfies(code("invalid_api_key"));
		assertThat(asks()).isZero();
	}

	@Test
	void streamWhenAllowanceIsUsedUpForLongSaysSo() {
		assertThatExceptionOfType(RateLimitException.class)
			.isThrownBy(() -> stream(client(PackagedService.usedUp(), "k"), image("limit for hours")))
			.withMessageStartingWith("429: AkashGen's allowance is used up until ")
			.satisfies(code("rate_limit_exceeded"));
	}

	@Test
	void editOfAServedPictureContinuesIt() {
		byte[] fox = png(this.client.images().generate(image("a fox in the snow").build()));
		ImagesResponse response = edit(this.client, fox, "now make it blue");
		assertThat(image(response).revisedPrompt()).contains("now make it blue, a fox");
		assertThat(png(response)).isEqualTo(fox);
		assertThat(jobs()).isEqualTo(2);
	}

	@Test
	void editOfSeveralPicturesContinuesTheServedOne() {
		byte[] cat = png(this.client.images().generate(image("a cat on a sofa").build()));
		ImagesResponse response = this.client.images()
			.edit(ImageEditParams.builder()
				.model("painter")
				.prompt("now make it blue")
				.image(MultipartField.<ImageEditParams.Image>builder()
					.value(ImageEditParams.Image.ofInputStreams(List
						.<InputStream>of(new ByteArrayInputStream(STRANGERS_PICTURE), new ByteArrayInputStream(cat))))
					.filename("picture.png")
					.contentType("image/png")
					.build())
				.build())
			.validate();
		assertThat(image(response).revisedPrompt()).contains("now make it blue, a cat");
	}

	@Test
	void editOfAStrangersPictureIgnoresIt() {
		ImagesResponse response = edit(this.client, STRANGERS_PICTURE, "now make it blue");
		assertThat(image(response).revisedPrompt()).contains("now make it blue");
		Pictures.assertPng(png(response));
		assertThat(jobs()).isOne();
	}

	@Test
	void streamOfAnEditBringsThePicture() {
		byte[] fox = png(this.client.images().generate(image("a fox in the snow").build()));
		ImageEditParams.Builder params = params(fox, "now make it blue").outputFormat(ImageEditParams.OutputFormat.PNG);
		try (StreamResponse<ImageEditStreamEvent> stream = this.client.images().editStreaming(params.build())) {
			assertThat(stream.stream().map(ImageEditStreamEvent::validate)).singleElement().satisfies((event) -> {
				ImageEditCompletedEvent blue = event.asCompleted();
				assertThat(blue.outputFormat()).isEqualTo(ImageEditCompletedEvent.OutputFormat.PNG);
				assertThat(decode(blue.b64Json())).isEqualTo(fox);
			});
		}
		assertThat(jobs()).isEqualTo(2);
	}

	@Test
	void editWhenPaintingFailsSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class)
			.isThrownBy(() -> edit(this.client, STRANGERS_PICTURE, "please fail"))
			.withMessageStartingWith("502: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isOne();
	}

	@Test
	void editWhenKeyIsWrongSaysSo() {
		assertThatExceptionOfType(UnauthorizedException.class)
			.isThrownBy(() -> edit(client(this.service, "wrong"), STRANGERS_PICTURE, "a fox"))
			.withMessageStartingWith("401: ")
			.satisfies(code("invalid_api_key"));
		assertThat(asks()).isZero();
	}

	@Test
	void editWhenAllowanceIsUsedUpForLongSaysSo() {
		assertThatExceptionOfType(RateLimitException.class)
			.isThrownBy(() -> edit(client(PackagedService.usedUp(), "k"), STRANGERS_PICTURE, "limit for hours"))
			.withMessageStartingWith("429: AkashGen's allowance is used up until ")
			.satisfies(code("rate_limit_exceeded"));
	}

	private static OpenAIClient client(PackagedService service, String key) {
		return OpenAIOkHttpClient.builder().baseUrl(service.origin() + "/v1").apiKey(key).build();
	}

	private static List<ImageGenCompletedEvent> stream(OpenAIClient client, ImageGenerateParams.Builder params) {
		try (StreamResponse<ImageGenStreamEvent> stream = client.images().generateStreaming(params.build())) {
			return stream.stream()
				.map(ImageGenStreamEvent::validate)
				.map(ImageGenStreamEvent::asGenerationCompleted)
				.toList();
		}
	}

	private static ImagesResponse edit(OpenAIClient client, byte[] picture, String prompt) {
		return client.images().edit(params(picture, prompt).build()).validate();
	}

	private static ImageEditParams.Builder params(byte[] picture, String prompt) {
		return ImageEditParams.builder().model("painter").prompt(prompt).image(picture);
	}

	private static ImageGenerateParams.Builder image(String prompt) {
		return ImageGenerateParams.builder().model("painter").prompt(prompt);
	}

	private static Image image(ImagesResponse response) {
		assertThat(response.data().orElseThrow()).hasSize(1);
		return response.data().orElseThrow().getFirst();
	}

	/** The picture that a response links to. */
	private static byte[] png(ImagesResponse response) {
		byte[] picture = PackagedService.fetch(image(response).url().orElseThrow() + "&format=png").body();
		Pictures.assertPng(picture);
		return picture;
	}

	private static byte[] decode(String base64) {
		return Base64.getDecoder().decode(base64);
	}

	private int jobs() {
		return this.service.jobs() - this.jobsBefore;
	}

	private int asks() {
		return this.service.asks() - this.asksBefore;
	}

	private static Consumer<OpenAIServiceException> code(String code) {
		return (ex) -> assertThat(ex.code()).contains(code);
	}

}
