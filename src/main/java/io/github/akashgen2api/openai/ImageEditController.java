package io.github.akashgen2api.openai;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.jobs.Conversation;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * OpenAI's endpoints for requests that contain an image. AkashGen takes words only, but
 * the service knows the words of its own images.
 */
@RestController
class ImageEditController {

	private final ImageResponder responder;

	private final JobRegistry jobs;

	ImageEditController(ImageResponder responder, JobRegistry jobs) {
		this.responder = responder;
		this.jobs = jobs;
	}

	/**
	 * Generate images of a prompt. It continues the conversation of the first sent image
	 * that a job of the same key made. All other images are ignored.
	 * @return the images; {@code null} if they were streamed
	 * @throws InvalidRequestException if a field is wrong
	 */
	@PostMapping("/v1/images/edits")
	@Nullable ImageGenerationResponse edit(@RequestBody ImageEditRequest request, HttpServletRequest http,
			HttpServletResponse response) {
		ImageGenerationRequest generation = request.generation();
		ImageGenerationSpec spec = request.toSpec();
		Conversation conversation = conversation(request.sentImages(), generation.conversation(),
				Objects.requireNonNullElse(http.getRemoteUser(), ""));
		generation.discardPrompt();
		return this.responder.answer(spec, conversation, "image_edit.completed", http, response);
	}

	private Conversation conversation(List<SentImage> images, List<Message> prompt, String key) {
		return images.stream()
			.flatMap((image) -> job(image, key).stream())
			.findFirst()
			.map((job) -> this.jobs.continued(job, prompt))
			.orElseGet(() -> new Conversation(prompt));
	}

	private Optional<ImageJob> job(SentImage image, String key) {
		return image.isDigest() ? this.jobs.findByImage(image.reference(), key)
				: this.jobs.find(image.reference(), key);
	}

	/**
	 * Refuse a request for variations of an image, as AkashGen takes words only.
	 */
	@PostMapping("/v1/images/variations")
	void vary() {
		throw new UnsupportedEndpointException("There are no variations of images, as AkashGen takes words only; "
				+ "send a prompt to /v1/images/edits or /v1/images/generations");
	}

}
