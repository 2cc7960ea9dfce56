package io.github.akashgen2api.openai;

import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.images.RequestedFormat;
import io.github.akashgen2api.images.StoredImage;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.web.server.ClientConnection;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.stereotype.Component;

/**
 * Creates the output of a response whose image is stored.
 */
@Component
class ResponseOutputs {

	private final ImageService images;

	private final ImageLinks links;

	ResponseOutputs(ImageService images, ImageLinks links) {
		this.images = images;
		this.links = links;
	}

	/**
	 * The image itself, or a message that shows it, whichever the client asked for.
	 * @param upstream the job as AkashGen names it
	 * @throws ImageStorageException if the image is not there any longer
	 */
	ResponseOutput of(ImageJob job, Job upstream, ResponseForm form, HttpServletRequest http) {
		String digits = ResponseObject.digits(job);
		if (form.tool() == null) {
			String url = this.links.linkTo(upstream.id(), http);
			return ResponseOutput.Message.of(digits, AssistantMessage.image(upstream, url).content());
		}
		StoredImage stored = this.images.find(upstream.id())
			.orElseThrow(() -> new ImageStorageException("it was removed for newer ones"));
		RequestedFormat format = form.tool().format();
		StoredImage image = (format != null)
				? this.images.convert(upstream.id(), stored, format, ClientConnection.of(http)) : stored;
		return ResponseOutput.ImageCall.begun(digits).completed(image, upstream);
	}

}
