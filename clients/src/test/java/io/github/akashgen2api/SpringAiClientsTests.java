package io.github.akashgen2api;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiImageModel;
import org.springframework.ai.openai.OpenAiImageOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What users of Spring AI 2 see, which speaks through OpenAI's Java SDK and throws its
 * exceptions. It repeats what failed three times, unless it is told that this does not
 * help.
 */
class SpringAiClientsTests {

	private final PackagedService service = PackagedService.shared();

	private final int jobsBefore = this.service.jobs();

	private final int asksBefore = this.service.asks();

	@Test
	void completionWhenPaintedShowsThePicture() {
		ChatResponse response = chatModel().call(new Prompt("a fox in the snow"));
		assertThat(response.getMetadata().getModel()).isEqualTo("painter");
		assertThat(response.getMetadata().getId()).isNotBlank();
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		Pictures.assertShown(response.getResult().getOutput().getText(), "a fox in the snow");
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenPaintedShowsThePicture() {
		List<ChatResponse> responses = stream(chatModel(), "a cat on a sofa");
		assertThat(responses)
			.allSatisfy((response) -> assertThat(response.getMetadata().getModel()).isEqualTo("painter"));
		Pictures.assertShown(text(responses), "a cat on a sofa");
		assertThat(jobs()).isOne();
	}

	@Test
	void completionWhenAkashGenAnswersInWordsIsTheWords() {
		assertThat(chatModel().call("words, please")).isEqualTo("I can paint that. Which colours do you like?");
	}

	@Test
	void streamWhenAkashGenAnswersInWordsIsTheWords() {
		assertThat(text(stream(chatModel(), "words, please")))
			.isEqualTo("I can paint that. Which colours do you like?");
	}

	@Test
	void completionWhenPaintingFailsSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> chatModel().call("please fail"))
			.withMessageStartingWith("502: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenPaintingFailsAfterItBeganSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> stream(chatModel(), "please fail"))
			.withMessageStartingWith("200: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isOne();
	}

	@Test
	void completionWhenAkashGenIsTooSlowSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> chatModel().call("a slow one"))
			.withMessageStartingWith("504: Failed to wait for image generation")
			.satisfies(code("image_generation_timeout"));
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenAkashGenIsTooSlowSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> stream(chatModel(), "a slow one"))
			.withMessageStartingWith("200: Failed to wait for image generation")
			.satisfies(code("image_generation_timeout"));
		assertThat(jobs()).isOne();
	}

	@Test
	void completionWhenAkashGenIsOutOfOrderIsRepeatedAndSaysSo() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> chatModel().call("refuse this"))
			.withMessageStartingWith("502: AkashGen answered 500")
			.satisfies(code("upstream_unavailable"));
		assertThat(asks()).isEqualTo(4);
	}

	@Test
	void streamWhenAkashGenIsOutOfOrderFailsBeforeItBegins() {
		OpenAiChatModel model = chatModel(options(this.service, "k").mutate().maxRetries(0).build());
		assertThatFailureBeforeStream(model, "refuse this").isInstanceOf(InternalServerException.class)
			.hasMessageStartingWith("502: AkashGen answered 500")
			.satisfies(code("upstream_unavailable"));
		assertThat(asks()).isOne();
	}

	@Test
	void completionWhenKeyIsWrongSaysSo() {
		assertThatExceptionOfType(UnauthorizedException.class)
			.isThrownBy(() -> chatModel(this.service, "wrong").call("a fox"))
			.withMessageStartingWith("401: ")
			.satisfies(code("invalid_api_key"));
		assertThat(asks()).isZero();
	}

	@Test
	void streamWhenKeyIsWrongSaysSo() {
		assertThatFailureBeforeStream(chatModel(this.service, "wrong"), "a fox")
			.isInstanceOf(UnauthorizedException.class)
			.hasMessageStartingWith("401: ")
			.satisfies(code("invalid_api_key"));
	}

	@Test
	void completionWhenAllowanceIsUsedUpForLongSaysSo() {
		assertThatExceptionOfType(RateLimitException.class)
			.isThrownBy(() -> chatModel(PackagedService.usedUp(), "k").call("limit for hours"))
			.withMessageStartingWith("429: AkashGen's allowance is used up until ")
			.satisfies(code("rate_limit_exceeded"));
	}

	@Test
	void streamWhenAllowanceIsUsedUpForLongFailsBeforeItBegins() {
		assertThatFailureBeforeStream(chatModel(PackagedService.usedUp(), "k"), "limit for hours")
			.isInstanceOf(RateLimitException.class)
			.hasMessageStartingWith("429: AkashGen's allowance is used up until ")
			.satisfies(code("rate_limit_exceeded"));
	}

	@Test
	void streamWhenAllowanceIsUsedUpForAMomentIsRepeatedAfterIt() {
		Pictures.assertShown(text(stream(chatModel(), "limit for Spring AI's moment")), "limit for Spring AI's moment");
		assertThat(jobs()).isOne();
	}

	@Test
	void imageWhenNothingIsSaidIsALink() {
		Image image = paint("a lighthouse", OpenAiImageOptions.builder().model("painter"));
		assertThat(image.getB64Json()).isNull();
		Pictures.assertServed(image.getUrl());
	}

	@Test
	void imageWhenBase64IsAskedForIsInTheAnswer() {
		Image image = paint("mountains", OpenAiImageOptions.builder().responseFormat("b64_json").model("painter"));
		assertThat(image.getUrl()).isNull();
		Pictures.assertWebp(Base64.getDecoder().decode(image.getB64Json()));
	}

	@Test
	void imageWhenPaintingFailsSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class)
			.isThrownBy(() -> paint("please fail", OpenAiImageOptions.builder().model("painter")))
			.withMessageStartingWith("502: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isOne();
	}

	private OpenAiChatModel chatModel() {
		return chatModel(this.service, "k");
	}

	private static OpenAiChatModel chatModel(PackagedService service, String key) {
		return chatModel(options(service, key));
	}

	private static OpenAiChatModel chatModel(OpenAiChatOptions options) {
		return OpenAiChatModel.builder().options(options).build();
	}

	private static OpenAiChatOptions options(PackagedService service, String key) {
		return OpenAiChatOptions.builder().baseUrl(service.origin() + "/v1").apiKey(key).model("painter").build();
	}

	private static List<ChatResponse> stream(OpenAiChatModel model, String prompt) {
		return model.stream(new Prompt(prompt)).collectList().block(Duration.ofMinutes(1));
	}

	private Image paint(String prompt, OpenAiImageOptions.Builder options) {
		OpenAiImageModel model = OpenAiImageModel.builder()
			.options(options.baseUrl(this.service.origin() + "/v1").apiKey("k").build())
			.build();
		List<ImageGeneration> generations = model.call(new ImagePrompt(prompt)).getResults();
		assertThat(generations).hasSize(1);
		return generations.getFirst().getOutput();
	}

	/** What comes before a stream reaches the user in a wrapping. */
	private static AbstractThrowableAssert<?, OpenAIServiceException> assertThatFailureBeforeStream(
			OpenAiChatModel model, String prompt) {
		CompletionException wrapping = catchThrowableOfType(CompletionException.class, () -> stream(model, prompt));
		assertThat(wrapping).hasCauseInstanceOf(OpenAIServiceException.class);
		return assertThat((OpenAIServiceException) wrapping.getCause());
	}

	private int jobs() {
		return this.service.jobs() - this.jobsBefore;
	}

	private int asks() {
		return this.service.asks() - this.asksBefore;
	}

	private static String text(List<ChatResponse> responses) {
		StringBuilder text = new StringBuilder();
		for (ChatResponse response : responses) {
			if (response.getResult() != null && response.getResult().getOutput().getText() != null) {
				text.append(response.getResult().getOutput().getText());
			}
		}
		return text.toString();
	}

	private static Consumer<OpenAIServiceException> code(String code) {
		return (ex) -> assertThat(ex.code()).contains(code);
	}

}
