package io.github.akashgen2api.openai;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * OpenAI's endpoints for requests that contain an image.
 */
@RestController
class ImageEditController {

	/**
	 * Refuse a request for variations of an image, as AkashGen takes words only.
	 */
	@PostMapping("/v1/images/variations")
	void vary() {
		throw new UnsupportedEndpointException("There are no variations of images, as AkashGen takes words only; "
				+ "send a prompt to /v1/images/edits or /v1/images/generations");
	}

}
