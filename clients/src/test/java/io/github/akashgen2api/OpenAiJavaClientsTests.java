package io.github.akashgen2api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.Sleeper;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.Image;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import com.openai.models.models.Model;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What users of OpenAI's Java SDK see. It repeats what failed twice on its own, unless it
 * is told that this does not help.
 */
class OpenAiJavaClientsTests {

	private final PackagedService service = PackagedService.shared();

	private final Pauses pauses = new Pauses();

	private final OpenAIClient client = client(this.service, "k");

	private final int jobsBefore = this.service.jobs();

	private final int asksBefore = this.service.asks();

	@Test
	void completionWhenPaintedShowsThePicture() {
		ChatCompletion completion = complete("a fox in the snow");
		assertThat(completion.model()).isEqualTo("painter");
		Pictures.assertShown(content(completion), "a fox in the snow");
		assertThat(completion.usage()).isPresent();
		assertThat(completion._additionalProperties()).containsEntry("status", JsonValue.from("completed"))
			.containsKey("response")
			.hasEntrySatisfying("imageUrl", (url) -> {
				assertThat(url.asStringOrThrow()).endsWith(completion.id());
				Pictures.assertServed(url.asStringOrThrow());
			});
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenPaintedAccumulatesToACompletion() {
		ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
		List<ChatCompletionChunk> chunks = stream("a cat on a sofa");
		chunks.forEach(accumulator::accumulate);
		ChatCompletion completion = accumulator.chatCompletion().validate();
		assertThat(completion.model()).isEqualTo("painter");
		assertThat(completion.usage()).isPresent();
		Pictures.assertShown(content(completion), "a cat on a sofa");
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenUsageIsNotAskedForHasChoicesInEveryChunk() {
		try (StreamResponse<ChatCompletionChunk> stream = this.client.chat()
			.completions()
			.createStreaming(prompt("a robot").build())) {
			assertThat(stream.stream()).isNotEmpty().allSatisfy((chunk) -> {
				assertThat(chunk.choices()).hasSize(1);
				assertThat(chunk.usage()).isEmpty();
			});
		}
	}

	@Test
	void completionWhenAkashGenAnswersInWordsIsTheWords() {
		assertThat(content(complete("words, please"))).isEqualTo("I can paint that. Which colours do you like?");
	}

	@Test
	void streamWhenAkashGenAnswersInWordsIsTheWords() {
		assertThat(stream("words, please").stream()
			.flatMap((chunk) -> chunk.choices().stream())
			.flatMap((choice) -> choice.delta().content().stream()))
			.containsOnlyOnce("I can paint that. Which colours do you like?");
	}

	@Test
	void completionWhenPaintingFailsSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> complete("please fail"))
			.withMessageStartingWith("502: Image generation failed")
			.satisfies((ex) -> assertThat(ex.statusCode()).isEqualTo(502))
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isOne();
		assertThat(this.pauses).isEmpty();
	}

	@Test
	void streamWhenPaintingFailsAfterItBeganSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> stream("please fail"))
			.withMessageStartingWith("200: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isOne();
	}

	@Test
	void completionWhenAkashGenIsTooSlowSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> complete("a slow one"))
			.withMessageStartingWith("504: Failed to wait for image generation")
			.satisfies((ex) -> assertThat(ex.statusCode()).isEqualTo(504))
			.satisfies(code("image_generation_timeout"));
		assertThat(jobs()).isOne();
		assertThat(this.pauses).isEmpty();
	}

	@Test
	void streamWhenAkashGenIsTooSlowSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> stream("a slow one"))
			.withMessageStartingWith("200: Failed to wait for image generation")
			.satisfies(code("image_generation_timeout"));
		assertThat(jobs()).isOne();
	}

	@Test
	void completionWhenAkashGenIsOutOfOrderIsRepeatedAndSaysSo() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> complete("refuse this"))
			.withMessageStartingWith("502: AkashGen answered 500")
			.satisfies(code("upstream_unavailable"));
		assertThat(asks()).isEqualTo(3);
	}

	@Test
	void streamWhenAkashGenIsOutOfOrderFailsBeforeItBegins() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> stream("refuse this"))
			.withMessageStartingWith("502: AkashGen answered 500")
			.satisfies(code("upstream_unavailable"));
	}

	@Test
	void completionWhenKeyIsWrongSaysSo() {
		assertThatExceptionOfType(UnauthorizedException.class)
			.isThrownBy(() -> complete(client(this.service, "wrong"), "a fox"))
			.withMessageStartingWith("401: ")
			.satisfies(code("invalid_api_key"));
		assertThat(asks()).isZero();
	}

	@Test
	void streamWhenKeyIsWrongSaysSo() {
		assertThatExceptionOfType(UnauthorizedException.class)
			.isThrownBy(() -> stream(client(this.service, "wrong"), "a fox"))
			.withMessageStartingWith("401: ")
			.satisfies(code("invalid_api_key"));
	}

	@Test
	void completionWhenAllowanceIsUsedUpForLongSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(RateLimitException.class)
			.isThrownBy(() -> complete(client(PackagedService.usedUp(), "k"), "limit for hours"))
			.withMessageStartingWith("429: AkashGen's allowance is used up until ")
			.satisfies(code("rate_limit_exceeded"))
			.satisfies((ex) -> assertThat(ex.headers().values("Retry-After")).singleElement()
				.satisfies((seconds) -> assertThat(Integer.parseInt(seconds)).isBetween(10000, 10800)));
		assertThat(this.pauses).isEmpty();
	}

	@Test
	void streamWhenAllowanceIsUsedUpForLongFailsBeforeItBegins() {
		assertThatExceptionOfType(RateLimitException.class)
			.isThrownBy(() -> stream(client(PackagedService.usedUp(), "k"), "limit for hours"))
			.withMessageStartingWith("429: AkashGen's allowance is used up until ")
			.satisfies(code("rate_limit_exceeded"));
		assertThat(this.pauses).isEmpty();
	}

	@Test
	void completionWhenAllowanceIsUsedUpForAMomentIsRepeatedAfterIt() {
		Pictures.assertShown(content(complete("limit for the Java SDK's moment")), "limit for the Java SDK's moment");
		assertThat(this.pauses).allMatch((pause) -> pause.compareTo(Duration.ofSeconds(1)) >= 0).hasSizeBetween(1, 2);
		assertThat(jobs()).isOne();
	}

	@Test
	void completionWhenThereIsNoPromptNamesTheField() {
		assertThatExceptionOfType(BadRequestException.class)
			.isThrownBy(() -> this.client.chat()
				.completions()
				.create(ChatCompletionCreateParams.builder().model("painter").addUserMessage(" ").build()))
			.withMessageStartingWith("400: ")
			.satisfies(code("invalid_value"))
			.satisfies((ex) -> assertThat(ex.param())
				.hasValueSatisfying((param) -> assertThat(param).startsWith("messages")));
	}

	@Test
	void imagesWhenNothingIsSaidAreLinks() {
		ImagesResponse response = generate(image("a lighthouse"));
		assertThat(response.created()).isPositive();
		assertThat(response.data().orElseThrow()).singleElement().satisfies((image) -> {
			assertThat(image.b64Json()).isEmpty();
			assertThat(image.revisedPrompt()).contains("a lighthouse");
			Pictures.assertServed(image.url().orElseThrow());
		});
	}

	@Test
	void imagesWhenBase64IsAskedForAreInTheAnswer() {
		ImagesResponse response = generate(
				image("mountains").n(2).responseFormat(ImageGenerateParams.ResponseFormat.B64_JSON));
		assertThat(response.outputFormat()).contains(ImagesResponse.OutputFormat.WEBP);
		assertThat(response.data().orElseThrow()).hasSize(2).allSatisfy((image) -> {
			assertThat(image.url()).isEmpty();
			Pictures.assertWebp(picture(image));
		});
		assertThat(jobs()).isEqualTo(2);
	}

	@Test
	void imagesWhenAFormatIsAskedForHaveIt() {
		ImagesResponse response = generate(image("a city").outputFormat(ImageGenerateParams.OutputFormat.PNG)
			.responseFormat(ImageGenerateParams.ResponseFormat.B64_JSON));
		assertThat(response.outputFormat()).contains(ImagesResponse.OutputFormat.PNG);
		assertThat(response.data().orElseThrow()).singleElement()
			.satisfies((image) -> Pictures.assertPng(picture(image)));
	}

	@Test
	void imagesWhenAkashGenIsTooSlowSaySoAndAreNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> generate(image("a slow one")))
			.withMessageStartingWith("504: Failed to wait for image generation")
			.satisfies(code("image_generation_timeout"));
		assertThat(jobs()).isOne();
	}

	@Test
	void imagesWhenPaintingFailsSaySoAndAreNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> generate(image("please fail")))
			.withMessageStartingWith("502: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isOne();
	}

	@Test
	void modelsAreThoseThatTheOperatorNames() {
		assertThat(this.client.models().list().items()).allSatisfy(Model::validate)
			.extracting(Model::id)
			.containsExactlyInAnyOrder("AkashGen", "gpt-image-1", "painter");
		assertThat(this.client.models().retrieve("painter").validate().id()).isEqualTo("painter");
	}

	@Test
	void modelWhenUnknownIsNotFound() {
		assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> this.client.models().retrieve("gpt-9"))
			.withMessageStartingWith("404: ")
			.satisfies(code("model_not_found"));
	}

	@Test
	void whatThisServiceDoesNotDoIsNotFound() {
		assertThatExceptionOfType(NotFoundException.class)
			.isThrownBy(() -> this.client.embeddings()
				.create(EmbeddingCreateParams.builder().model("painter").input("a fox").build()))
			.withMessageStartingWith("404: ")
			.satisfies(code("unknown_url"));
	}

	private OpenAIClient client(PackagedService service, String key) {
		return OpenAIOkHttpClient.builder().baseUrl(service.origin() + "/v1").apiKey(key).sleeper(this.pauses).build();
	}

	private ChatCompletion complete(String prompt) {
		return complete(this.client, prompt);
	}

	private List<ChatCompletionChunk> stream(String prompt) {
		return stream(this.client, prompt);
	}

	private static ChatCompletion complete(OpenAIClient client, String prompt) {
		return client.chat().completions().create(prompt(prompt).build()).validate();
	}

	private static List<ChatCompletionChunk> stream(OpenAIClient client, String prompt) {
		ChatCompletionCreateParams.Builder params = prompt(prompt)
			.streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
		try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(params.build())) {
			return stream.stream().map(ChatCompletionChunk::validate).toList();
		}
	}

	private ImagesResponse generate(ImageGenerateParams.Builder params) {
		return this.client.images().generate(params.build()).validate();
	}

	private static String content(ChatCompletion completion) {
		assertThat(completion.choices()).hasSize(1);
		assertThat(completion.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
		return completion.choices().getFirst().message().content().orElseThrow();
	}

	private int jobs() {
		return this.service.jobs() - this.jobsBefore;
	}

	private int asks() {
		return this.service.asks() - this.asksBefore;
	}

	private static ChatCompletionCreateParams.Builder prompt(String prompt) {
		return ChatCompletionCreateParams.builder().model("painter").addUserMessage(prompt);
	}

	private static ImageGenerateParams.Builder image(String prompt) {
		return ImageGenerateParams.builder().model("painter").prompt(prompt);
	}

	private static byte[] picture(Image image) {
		return Base64.getDecoder().decode(image.b64Json().orElseThrow());
	}

	private static Consumer<OpenAIServiceException> code(String code) {
		return (ex) -> assertThat(ex.code()).contains(code);
	}

	/**
	 * Makes the pauses before repetitions, and notes them.
	 */
	private static final class Pauses extends ArrayList<Duration> implements Sleeper {

		@Override
		public void sleep(Duration duration) {
			sleepAsync(duration).join();
		}

		@Override
		public CompletableFuture<Void> sleepAsync(Duration duration) {
			add(duration);
			return CompletableFuture.runAsync(() -> {
			}, CompletableFuture.delayedExecutor(duration.toMillis(), TimeUnit.MILLISECONDS));
		}

		@Override
		public void close() {
		}

	}

}
