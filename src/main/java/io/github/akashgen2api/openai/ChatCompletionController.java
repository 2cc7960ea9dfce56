package io.github.akashgen2api.openai;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.generation.ImageGenerationService;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.jobs.Conversation;
import io.github.akashgen2api.jobs.JobRequest;
import io.github.akashgen2api.web.body.TextCountingStream;
import io.github.akashgen2api.web.server.ClientConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * OpenAI's chat completions, answered with an image.
 */
@RestController
class ChatCompletionController {

	private final DialectResolver dialects;

	private final AuxiliaryRequests auxiliaryRequests;

	private final ImageGenerationService generations;

	private final CompletionStreamer stream;

	private final ImageLinks links;

	private final InstantSource clock;

	ChatCompletionController(DialectResolver dialects, AuxiliaryRequests auxiliaryRequests,
			ImageGenerationService generations, CompletionStreamer stream, ImageLinks links, InstantSource clock) {
		this.dialects = dialects;
		this.auxiliaryRequests = auxiliaryRequests;
		this.generations = generations;
		this.stream = stream;
		this.links = links;
		this.clock = clock;
	}

	/**
	 * Generate the image that a conversation describes.
	 * @return the completion; {@code null} if it was streamed
	 * @throws InvalidRequestException if the conversation has no text
	 */
	@PostMapping("/v1/chat/completions")
	@Nullable ChatCompletionResponse complete(@RequestBody ChatCompletionRequest request, HttpServletRequest http,
			HttpServletResponse response) {
		Instant created = this.clock.instant();
		this.dialects.remember(request, http);
		Conversation conversation = new Conversation(request.conversation());
		boolean isOpenAi = this.dialects.of(http) == Dialect.OPENAI;
		Optional<AssistantMessage> auxiliary = isOpenAi
				? this.auxiliaryRequests.answer(request, conversation.messages()) : Optional.empty();
		request.discardMessages();
		if (request.isStreamed()) {
			stream(request, conversation, auxiliary, created, http, response);
			return null;
		}
		AssistantMessage message = auxiliary.orElseGet(() -> generate(request, conversation, isOpenAi, http, response));
		return ChatCompletionResponse.of(message, request.modelOrDefault(), created, request.includesImages());
	}

	private AssistantMessage generate(ChatCompletionRequest request, Conversation conversation, boolean acceptsText,
			HttpServletRequest http, HttpServletResponse response) {
		GenerationHandle generation = begin(conversation, http, response);
		DeliveryInterceptor.track(http, List.of(generation));
		try {
			Job job = generation.awaitJob();
			String imageUrl = this.links.linkTo(job.id(), http);
			if (!request.isImageAwaited()) {
				return AssistantMessage.pending(job, imageUrl);
			}
			generation.awaitImage();
			return AssistantMessage.image(job, imageUrl);
		}
		catch (AkashGenException.TextAnswer ex) {
			if (!acceptsText) {
				throw ex;
			}
			return AssistantMessage.text(ex.text());
		}
		finally {
			generation.beginAnswer();
		}
	}

	private GenerationHandle begin(Conversation conversation, HttpServletRequest http, HttpServletResponse response) {
		// The queue of submits counts the text from here on.
		TextCountingStream.release(http);
		GenerationHandle generation = this.generations
			.begin(new JobRequest(RequestIdentities.of(http, 0), conversation), ClientConnection.of(http));
		DeliveryInterceptor.name(List.of(generation), response);
		return generation;
	}

	private void stream(ChatCompletionRequest request, Conversation conversation, Optional<AssistantMessage> auxiliary,
			Instant created, HttpServletRequest http, HttpServletResponse response) {
		if (auxiliary.isPresent()) {
			this.stream.write(auxiliary.get(), request, created, response);
			return;
		}
		GenerationHandle generation = begin(conversation, http, response);
		boolean isDelivered = this.stream.write(generation, request, created,
				(job) -> AssistantMessage.image(job, this.links.linkTo(job.id(), http)), http, response);
		if (isDelivered) {
			generation.markDelivered();
		}
		else {
			generation.disconnect();
		}
	}

}
