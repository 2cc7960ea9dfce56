package io.github.akashgen2api.openai;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.generation.PictureGeneration;
import io.github.akashgen2api.images.ImageLinks;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * OpenAI's chat completions, answered with a picture.
 */
@RestController
class ChatCompletionController {

	private final PictureGeneration generation;

	private final ImageLinks links;

	ChatCompletionController(PictureGeneration generation, ImageLinks links) {
		this.generation = generation;
		this.links = links;
	}

	/**
	 * Paint what a conversation asks for.
	 * @throws InvalidRequestException if it asks for nothing
	 */
	@PostMapping("/v1/chat/completions")
	ChatCompletionResponse complete(@RequestBody ChatCompletionRequest request, HttpServletRequest http) {
		Job job = this.generation.submit(request.conversation());
		String imageUrl = this.links.linkTo(job.id(), http);
		if (!request.isPictureAwaited()) {
			this.generation.follow(job.id());
			return ChatCompletionResponse.pending(job, request.modelOrDefault(), imageUrl);
		}
		this.generation.await(job.id());
		return ChatCompletionResponse.completed(job, request.modelOrDefault(), imageUrl);
	}

}
