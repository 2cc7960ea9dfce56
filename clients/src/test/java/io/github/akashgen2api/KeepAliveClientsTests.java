package io.github.akashgen2api;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What clients make of a stream whose signs of life are chunks with nothing in them.
 */
class KeepAliveClientsTests {

	private static PackagedService service;

	@BeforeAll
	static void start() {
		service = PackagedService.with("STREAM_KEEP_ALIVE=chunk",
				"SPRING_APPLICATION_JSON={\"openai.stream.interval\":\"50ms\"}");
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@Test
	void openAiJavaStreamAccumulatesToACompletion() {
		OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(service.origin() + "/v1").apiKey("k").build();
		ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
		try (StreamResponse<ChatCompletionChunk> stream = client.chat()
			.completions()
			.createStreaming(ChatCompletionCreateParams.builder().model("painter").addUserMessage("a fox").build())) {
			List<ChatCompletionChunk> chunks = stream.stream().map(ChatCompletionChunk::validate).toList();
			assertThat(chunks).hasSizeGreaterThan(3)
				.extracting(ChatCompletionChunk::id)
				.containsOnly(chunks.getFirst().id());
			chunks.forEach(accumulator::accumulate);
		}
		Pictures.assertShown(accumulator.chatCompletion().choices().getFirst().message().content().orElseThrow(),
				"a fox");
	}

	@Test
	void langChain4jStreamShowsThePicture() {
		CompletableFuture<String> text = new CompletableFuture<>();
		OpenAiStreamingChatModel.builder()
			.baseUrl(service.origin() + "/v1")
			.apiKey("k")
			.modelName("painter")
			.build()
			.chat("a cat", new StreamingChatResponseHandler() {

				@Override
				public void onCompleteResponse(ChatResponse response) {
					text.complete(response.aiMessage().text());
				}

				@Override
				public void onError(Throwable error) {
					text.completeExceptionally(error);
				}

			});
		Pictures.assertShown(text.join(), "a cat");
	}

	@Test
	void springAiStreamShowsThePicture() {
		OpenAiChatModel model = OpenAiChatModel.builder()
			.options(OpenAiChatOptions.builder().baseUrl(service.origin() + "/v1").apiKey("k").model("painter").build())
			.build();
		Pictures.assertShown(String.join("", model.stream("a robot").collectList().block()), "a robot");
	}

}
