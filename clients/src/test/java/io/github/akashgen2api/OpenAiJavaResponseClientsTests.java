package io.github.akashgen2api;

import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem.ImageGenerationCall;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextDeltaEvent;
import com.openai.models.responses.ResponseUsage;
import com.openai.models.responses.Tool;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What users of OpenAI's Java SDK see of responses. The types of the SDK validate all
 * that is answered.
 */
class OpenAiJavaResponseClientsTests {

	private final PackagedService service = PackagedService.shared();

	private final OpenAIClient client = client(this.service, "k");

	private final int jobsBefore = this.service.jobs();

	private final int asksBefore = this.service.asks();

	@Test
	void responseWhenPaintedShowsThePicture() {
		Response response = respond(input("a fox in the snow"));
		Pictures.assertShown(text(response), "a fox in the snow");
		assertThat(response.model().asString()).isEqualTo("painter");
		assertThat(response.usage()).map(ResponseUsage::totalTokens).contains(0L);
		assertThat(response.error()).isEmpty();
		assertThat(jobs()).isOne();
		assertThat(text(this.client.responses().retrieve(response.id()).validate())).isEqualTo(text(response));
	}

	@Test
	void responseWithToolIsThePictureItself() {
		ImageGenerationCall call = call(respond(tool("a fox in the snow")));
		assertThat(call.revisedPrompt()).contains("a fox in the snow");
		Pictures.assertPng(picture(call));
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenPaintedAccumulatesToAResponse() {
		List<ResponseStreamEvent> events = stream(input("a cat on a sofa"));
		assertThat(events.getFirst().isCreated()).isTrue();
		assertThat(events.getLast().isCompleted()).isTrue();
		Response response = accumulate(events);
		Pictures.assertShown(text(response), "a cat on a sofa");
		assertThat(deltas(events)).isEqualTo(text(response));
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWithToolAccumulatesToThePictureItself() {
		List<ResponseStreamEvent> events = stream(tool("a cat on a sofa"));
		assertThat(events).filteredOn(ResponseStreamEvent::isImageGenerationCallGenerating).hasSize(1);
		assertThat(events).filteredOn(ResponseStreamEvent::isImageGenerationCallCompleted).hasSize(1);
		ImageGenerationCall call = call(accumulate(events));
		assertThat(call.revisedPrompt()).contains("a cat on a sofa");
		Pictures.assertPng(picture(call));
		assertThat(jobs()).isOne();
	}

	@Test
	void responseWhenAkashGenAnswersInWordsIsTheWords() {
		String words = "I can paint that. Which colours do you like?";
		assertThat(text(respond(input("words, please")))).isEqualTo(words);
		assertThat(text(respond(tool("words, please")))).isEqualTo(words);
	}

	@Test
	void streamWhenAkashGenAnswersInWordsIsTheWords() {
		String words = "I can paint that. Which colours do you like?";
		assertThat(deltas(stream(input("words, please")))).isEqualTo(words);
		assertThat(deltas(stream(tool("words, please")))).isEqualTo(words);
	}

	@Test
	void responseContinuesAnother() {
		Response fox = respond(tool("a fox in the snow"));
		ImageGenerationCall blue = call(respond(tool("now make it blue").previousResponseId(fox.id())));
		assertThat(blue.revisedPrompt()).contains("now make it blue, a fox");
		assertThat(picture(blue)).isEqualTo(picture(call(fox)));
	}

	@Test
	void responseWhenTheOneBeforeIsUnknownNamesTheField() {
		assertThatExceptionOfType(BadRequestException.class)
			.isThrownBy(() -> respond(input("now make it blue").previousResponseId("resp_0")))
			.withMessageStartingWith("400: ")
			.satisfies(code("invalid_value"))
			.satisfies((ex) -> assertThat(ex.param()).contains("previous_response_id"));
		assertThat(asks()).isZero();
	}

	@Test
	void responseWhenPaintingFailsSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> respond(input("please fail")))
			.withMessageStartingWith("502: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> respond(tool("please fail")))
			.withMessageStartingWith("502: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isEqualTo(2);
	}

	@Test
	void streamWhenPaintingFailsAfterItBeganSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> stream(input("please fail")))
			.withMessageStartingWith("200: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> stream(tool("please fail")))
			.withMessageStartingWith("200: Image generation failed")
			.satisfies(code("image_generation_failed"));
		assertThat(jobs()).isEqualTo(2);
	}

	@Test
	void responseWhenAkashGenIsTooSlowSaysSoAndIsNotRepeated() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> respond(input("a slow one")))
			.withMessageStartingWith("504: Failed to wait for image generation")
			.satisfies(code("image_generation_timeout"));
		assertThat(jobs()).isOne();
	}

	@Test
	void streamWhenAkashGenIsOutOfOrderFailsBeforeItBegins() {
		assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> stream(input("refuse this")))
			.withMessageStartingWith("502: AkashGen answered 500")
			.satisfies(code("upstream_unavailable"));
		assertThat(asks()).isEqualTo(3);
	}

	@Test
	void responseWhenKeyIsWrongSaysSo() {
		OpenAIClient stranger = client(this.service, "wrong");
		assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> respond(stranger, input("a fox")))
			.withMessageStartingWith("401: ")
			.satisfies(code("invalid_api_key"));
		assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> stream(stranger, input("a fox")))
			.withMessageStartingWith("401: ")
			.satisfies(code("invalid_api_key"));
		assertThat(asks()).isZero();
	}

	@Test
	void responseWhenAllowanceIsUsedUpForLongSaysSo() {
		OpenAIClient poor = client(PackagedService.usedUp(), "k");
		assertThatExceptionOfType(RateLimitException.class).isThrownBy(() -> respond(poor, input("limit for hours")))
			.withMessageStartingWith("429: AkashGen's allowance is used up until ")
			.satisfies(code("rate_limit_exceeded"));
		assertThatExceptionOfType(RateLimitException.class).isThrownBy(() -> stream(poor, input("limit for hours")))
			.withMessageStartingWith("429: AkashGen's allowance is used up until ")
			.satisfies(code("rate_limit_exceeded"));
	}

	private static OpenAIClient client(PackagedService service, String key) {
		return OpenAIOkHttpClient.builder().baseUrl(service.origin() + "/v1").apiKey(key).build();
	}

	private Response respond(ResponseCreateParams.Builder params) {
		return respond(this.client, params);
	}

	private List<ResponseStreamEvent> stream(ResponseCreateParams.Builder params) {
		return stream(this.client, params);
	}

	private static Response respond(OpenAIClient client, ResponseCreateParams.Builder params) {
		return client.responses().create(params.build()).validate();
	}

	private static List<ResponseStreamEvent> stream(OpenAIClient client, ResponseCreateParams.Builder params) {
		try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params.build())) {
			return stream.stream().map(ResponseStreamEvent::validate).toList();
		}
	}

	private static Response accumulate(List<ResponseStreamEvent> events) {
		ResponseAccumulator accumulator = ResponseAccumulator.create();
		events.forEach(accumulator::accumulate);
		return accumulator.response().validate();
	}

	private static String deltas(List<ResponseStreamEvent> events) {
		return String.join("",
				events.stream()
					.flatMap((event) -> event.outputTextDelta().stream())
					.map(ResponseTextDeltaEvent::delta)
					.toList());
	}

	private static String text(Response response) {
		assertThat(response.status()).contains(ResponseStatus.COMPLETED);
		assertThat(response.output()).hasSize(1);
		ResponseOutputMessage message = response.output().getFirst().asMessage();
		assertThat(message.content()).hasSize(1);
		return message.content().getFirst().asOutputText().text();
	}

	private static ImageGenerationCall call(Response response) {
		assertThat(response.status()).contains(ResponseStatus.COMPLETED);
		assertThat(response.output()).hasSize(1);
		ImageGenerationCall call = response.output().getFirst().asImageGenerationCall();
		assertThat(call.status()).isEqualTo(ImageGenerationCall.Status.COMPLETED);
		return call;
	}

	private static byte[] picture(ImageGenerationCall call) {
		return Base64.getDecoder().decode(call.result().orElseThrow());
	}

	private static ResponseCreateParams.Builder input(String prompt) {
		return ResponseCreateParams.builder().model("painter").input(prompt);
	}

	private static ResponseCreateParams.Builder tool(String prompt) {
		return input(prompt)
			.addTool(Tool.ImageGeneration.builder().outputFormat(Tool.ImageGeneration.OutputFormat.PNG).build());
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
