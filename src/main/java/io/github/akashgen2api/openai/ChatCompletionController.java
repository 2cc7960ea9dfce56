package io.github.akashgen2api.openai;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.generation.Conversation;
import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.generation.ImageGenerationService;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.web.body.TextWhileRead;
import io.github.akashgen2api.web.server.ClientConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * OpenAI's chat completions, answered with a picture.
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
	 * Paint what a conversation asks for.
	 * @return the whole answer, for which no thread waits; {@code null} where it was
	 * streamed
	 * @throws InvalidRequestException if it asks for nothing
	 */
	@PostMapping("/v1/chat/completions")
	@Nullable CompletableFuture<ChatCompletionResponse> complete(@RequestBody ChatCompletionRequest request,
			HttpServletRequest http, HttpServletResponse response) {
		Instant begun = this.clock.instant();
		this.dialects.read(request, http);
		Conversation conversation = new Conversation(request.conversation());
		boolean isOpenAi = this.dialects.of(http) == Dialect.OPENAI;
		Optional<AssistantMessage> words = isOpenAi ? this.auxiliaryRequests.answer(request, conversation.messages())
				: Optional.empty();
		request.forgetMessages();
		if (request.isStreamed()) {
			stream(request, conversation, words, begun, http, response);
			return null;
		}
		return words.map(CompletableFuture::completedFuture)
			.orElseGet(() -> paint(request, conversation, isOpenAi, http))
			.thenApply((reply) -> ChatCompletionResponse.of(reply, request.modelOrDefault(), begun));
	}

	private CompletableFuture<AssistantMessage> paint(ChatCompletionRequest request, Conversation conversation,
			boolean mayBeWords, HttpServletRequest http) {
		GenerationHandle generation = begin(conversation, http);
		DeliveryInterceptor.watch(http, List.of(generation));
		CompletableFuture<AssistantMessage> reply = generation.queued().thenCompose((job) -> {
			String imageUrl = this.links.linkTo(job.id(), http);
			return request.isPictureAwaited()
					? generation.end().thenApply((_) -> AssistantMessage.picture(job, imageUrl))
					: CompletableFuture.completedFuture(AssistantMessage.pending(job, imageUrl));
		});
		return mayBeWords ? reply.exceptionallyCompose(ChatCompletionController::words) : reply;
	}

	private static CompletableFuture<AssistantMessage> words(Throwable failure) {
		return (NestedExceptionUtils.getMostSpecificCause(failure) instanceof AkashGenException.TextAnswer ex)
				? CompletableFuture.completedFuture(AssistantMessage.words(ex.text()))
				: CompletableFuture.failedFuture(failure);
	}

	private GenerationHandle begin(Conversation conversation, HttpServletRequest http) {
		// From here on, it is counted where it waits.
		TextWhileRead.letGo(http);
		return this.generations.begin(conversation, RequestIdentities.of(http, 0));
	}

	private void stream(ChatCompletionRequest request, Conversation conversation, Optional<AssistantMessage> words,
			Instant begun, HttpServletRequest http, HttpServletResponse response) {
		if (words.isPresent()) {
			this.stream.write(words.get(), request, begun, response);
			return;
		}
		GenerationHandle generation = begin(conversation, http);
		boolean heard = this.stream.write(generation, request, begun,
				(job) -> AssistantMessage.picture(job, this.links.linkTo(job.id(), http)), ClientConnection.of(http),
				http, response);
		if (heard) {
			generation.delivered();
		}
	}

}
