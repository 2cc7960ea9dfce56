package io.github.akashgen2api.openai;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.generation.Generation;
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

	private final PictureGeneration generations;

	private final ImageLinks links;

	ChatCompletionController(PictureGeneration generations, ImageLinks links) {
		this.generations = generations;
		this.links = links;
	}

	/**
	 * Paint what a conversation asks for.
	 * @throws InvalidRequestException if it asks for nothing
	 */
	@PostMapping("/v1/chat/completions")
	ChatCompletionResponse complete(@RequestBody ChatCompletionRequest request, HttpServletRequest http) {
		Generation generation = this.generations.begin(request.conversation());
		Job job = generation.job();
		String imageUrl = this.links.linkTo(job.id(), http);
		if (!request.isPictureAwaited()) {
			this.generations.leave(generation);
			return ChatCompletionResponse.pending(job, request.modelOrDefault(), imageUrl);
		}
		generation.picture();
		return ChatCompletionResponse.completed(job, request.modelOrDefault(), imageUrl);
	}

}
