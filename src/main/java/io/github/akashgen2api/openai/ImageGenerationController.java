package io.github.akashgen2api.openai;

import io.github.akashgen2api.jobs.Conversation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * OpenAI's image generations.
 */
@RestController
class ImageGenerationController {

	private final ImageResponder responder;

	ImageGenerationController(ImageResponder responder) {
		this.responder = responder;
	}

	/**
	 * Generate images of a prompt.
	 * @return the images; {@code null} if they were streamed
	 * @throws InvalidRequestException if a field is wrong
	 */
	@PostMapping("/v1/images/generations")
	@Nullable ImageGenerationResponse generate(@RequestBody ImageGenerationRequest request, HttpServletRequest http,
			HttpServletResponse response) {
		ImageGenerationSpec spec = request.toSpec();
		Conversation conversation = new Conversation(request.conversation());
		request.discardPrompt();
		return this.responder.answer(spec, conversation, "image_generation.completed", http, response);
	}

}
