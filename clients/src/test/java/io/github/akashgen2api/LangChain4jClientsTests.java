package io.github.akashgen2api;

import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiImageModel;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What users of LangChain4j see. A failure's message is the whole JSON of it.
 * <p>
 * Unless told otherwise, its chat model asks three times in all, whatever
 * {@code x-should-retry} and {@code Retry-After} say, as it does not look at headers;
 * nothing that a service can answer to a failed picture keeps it from that but a 400,
 * 401, 403 or 404. Its streaming and image models ask once.
 */
class LangChain4jClientsTests {

	private final PackagedService service = PackagedService.shared();

	private final int jobsBefore = this.service.jobs();

	private final int asksBefore = this.service.asks();

	@Test
	void completionWhenPaintedShowsThePicture() {
		ChatResponse response = complete("a fox in the snow");
		assertThat(response.id()).isNotBlank();
		assertThat(response.modelName()).isEqualTo("painter");
		assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
		Pictures.assertShown(response.aiMessage().text(), "a fox in the snow");
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenPaintedShowsThePicture() {
		Received received = stream(this.service, "k", "a cat on a sofa");
		assertThat(received.errors).isEmpty();
		assertThat(received.completed).singleElement().satisfies((response) -> {
			assertThat(response.modelName()).isEqualTo("painter");
			assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
			assertThat(response.aiMessage().text()).isEqualTo(String.join("", received.partial));
			Pictures.assertShown(response.aiMessage().text(), "a cat on a sofa");
		});
		assertThat(jobs()).isOne();
	}

	@Test
	void completionWhenAkashGenAnswersInWordsIsTheWords() {
		assertThat(complete("words, please").aiMessage().text())
			.isEqualTo("I can paint that. Which colours do you like?");
	}

	@Test
	void streamWhenAkashGenAnswersInWordsIsTheWords() {
		assertThat(stream(this.service, "k", "words, please").partial)
			.containsOnlyOnce("I can paint that. Which colours do you like?");
	}

	@Test
	void completionWhenPaintingFailsSaysSo() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> complete("please fail"))
			.withMessageContainingAll("Image generation failed", "\"code\":\"image_generation_failed\"");
		assertThat(jobs()).isEqualTo(3);
	}

	@Test
	void completionWhenPaintingFailsIsNotRepeatedByAModelThatIsToldNotTo() {
		assertThatExceptionOfType(InternalServerException.class)
			.isThrownBy(() -> chatModel(this.service, "k").maxRetries(0).build().chat("please fail"));
		assertThat(jobs()).isOne();
	}

	/** That it completes too, with nothing, is how it ends every stream. */
	@Test
	void streamWhenPaintingFailsAfterItBeganSaysSo() {
		Received received = stream(this.service, "k", "please fail");
		assertThat(received.errors).singleElement()
			.satisfies((error) -> assertThat(error).hasMessageContainingAll("Image generation failed",
					"\"code\":\"image_generation_failed\""));
		assertThat(received.partial).isEmpty();
		assertThat(jobs()).isOne();
	}

	@Test
	void completionWhenAkashGenIsTooSlowSaysSo() {
		assertThatExceptionOfType(InternalServerException.class)
			.isThrownBy(() -> chatModel(this.service, "k").maxRetries(0).build().chat("a slow one"))
			.withMessageContainingAll("Failed to wait for image generation", "\"code\":\"image_generation_timeout\"");
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenAkashGenIsTooSlowSaysSo() {
		Received received = stream(this.service, "k", "a slow one");
		assertThat(received.errors).singleElement()
			.satisfies((error) -> assertThat(error).hasMessageContainingAll("Failed to wait for image generation",
					"\"code\":\"image_generation_timeout\""));
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenAkashGenIsOutOfOrderFailsBeforeItBegins() {
		Received received = stream(this.service, "k", "refuse this");
		assertThat(received.completed).isEmpty();
		assertThat(received.errors).singleElement()
			.satisfies((error) -> assertThat(error).isInstanceOf(InternalServerException.class)
				.hasMessageContainingAll("AkashGen answered 500", "\"code\":\"upstream_unavailable\""));
		assertThat(asks()).isOne();
	}

	@Test
	void completionWhenAkashGenIsOutOfOrderSaysSo() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> complete("refuse this"))
			.withMessageContainingAll("AkashGen answered 500", "\"code\":\"upstream_unavailable\"");
		assertThat(asks()).isEqualTo(3);
	}

	@Test
	void completionWhenKeyIsWrongSaysSo() {
		assertThatExceptionOfType(AuthenticationException.class)
			.isThrownBy(() -> chatModel(this.service, "wrong").build().chat("a fox"))
			.withMessageContaining("\"code\":\"invalid_api_key\"");
		assertThat(asks()).isZero();
	}

	@Test
	void streamWhenKeyIsWrongSaysSo() {
		assertThat(stream(this.service, "wrong", "a fox").errors).singleElement()
			.satisfies((error) -> assertThat(error).isInstanceOf(AuthenticationException.class)
				.hasMessageContaining("\"code\":\"invalid_api_key\""));
	}

	@Test
	void completionWhenAllowanceIsUsedUpSaysSo() {
		assertThatExceptionOfType(RateLimitException.class)
			.isThrownBy(() -> chatModel(PackagedService.usedUp(), "k").build().chat("limit for hours"))
			.withMessageContainingAll("AkashGen's allowance is used up until ", "\"code\":\"rate_limit_exceeded\"");
	}

	@Test
	void streamWhenAllowanceIsUsedUpFailsBeforeItBegins() {
		Received received = stream(PackagedService.usedUp(), "k", "limit for hours");
		assertThat(received.completed).isEmpty();
		assertThat(received.errors).singleElement()
			.satisfies((error) -> assertThat(error).isInstanceOf(RateLimitException.class)
				.hasMessageContainingAll("AkashGen's allowance is used up until ", "\"code\":\"rate_limit_exceeded\""));
	}

	@Test
	void completionWhenThereIsNoPromptIsNotRepeated() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> complete(" "))
			.withMessageContaining("\"code\":\"invalid_value\"");
		assertThat(asks()).isZero();
	}

	@Test
	void imageWhenNothingIsSaidIsALink() {
		Image image = imageModel("painter").generate("a lighthouse").content();
		assertThat(image.base64Data()).isNull();
		assertThat(image.revisedPrompt()).isEqualTo("a lighthouse");
		assertThat(image.mimeType()).isEqualTo("image/webp");
		assertThat(image.url()).extracting(URI::toString).satisfies(Pictures::assertServed);
	}

	@Test
	void imageOfAModelThatAnswersWithPicturesIsOne() {
		Image image = imageModel("gpt-image-1").generate("mountains").content();
		assertThat(image.url()).isNull();
		assertThat(image.mimeType()).isEqualTo("image/webp");
		Pictures.assertWebp(Base64.getDecoder().decode(image.base64Data()));
	}

	@Test
	void imageWhenPaintingFailsSaysSo() {
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> imageModel("painter").generate("please fail"))
			.withMessageContainingAll("Image generation failed", "\"code\":\"image_generation_failed\"")
			.satisfies((ex) -> assertThat(ex.statusCode()).isEqualTo(502));
		assertThat(jobs()).isOne();
	}

	@Test
	void modelsAreThoseThatTheOperatorNames() {
		OpenAiModelCatalog catalog = OpenAiModelCatalog.builder()
			.baseUrl(this.service.origin() + "/v1")
			.apiKey("k")
			.build();
		assertThat(catalog.listModels()).extracting(ModelDescription::name)
			.containsExactlyInAnyOrder("AkashGen", "gpt-image-1", "painter");
	}

	private ChatResponse complete(String prompt) {
		return chatModel(this.service, "k").build().chat(UserMessage.from(prompt));
	}

	private static OpenAiChatModel.OpenAiChatModelBuilder chatModel(PackagedService service, String key) {
		return OpenAiChatModel.builder().baseUrl(service.origin() + "/v1").apiKey(key).modelName("painter");
	}

	private static Received stream(PackagedService service, String key, String prompt) {
		Received received = new Received();
		OpenAiStreamingChatModel.builder()
			.baseUrl(service.origin() + "/v1")
			.apiKey(key)
			.modelName("painter")
			.build()
			.chat(prompt, received);
		received.ended.join();
		return received;
	}

	private OpenAiImageModel imageModel(String model) {
		return OpenAiImageModel.builder().baseUrl(this.service.origin() + "/v1").apiKey("k").modelName(model).build();
	}

	private int jobs() {
		return this.service.jobs() - this.jobsBefore;
	}

	private int asks() {
		return this.service.asks() - this.asksBefore;
	}

	/**
	 * What a stream brought.
	 */
	private static final class Received implements StreamingChatResponseHandler {

		private final List<String> partial = new ArrayList<>();

		private final List<ChatResponse> completed = new ArrayList<>();

		private final List<Throwable> errors = new ArrayList<>();

		private final CompletableFuture<Void> ended = new CompletableFuture<>();

		@Override
		public void onPartialResponse(String text) {
			this.partial.add(text);
		}

		@Override
		public void onCompleteResponse(ChatResponse response) {
			this.completed.add(response);
			this.ended.complete(null);
		}

		@Override
		public void onError(Throwable error) {
			this.errors.add(error);
			this.ended.complete(null);
		}

	}

}
