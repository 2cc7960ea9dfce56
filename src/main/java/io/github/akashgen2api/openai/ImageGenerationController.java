package io.github.akashgen2api.openai;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.generation.CapacityExceededException;
import io.github.akashgen2api.generation.Conversation;
import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.generation.ImageGenerationService;
import io.github.akashgen2api.images.ConversionQueueFullException;
import io.github.akashgen2api.images.ImageConversionException;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.images.StoredImage;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import io.github.akashgen2api.web.body.TextWhileRead;
import io.github.akashgen2api.web.server.ClientConnection;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * OpenAI's image generations.
 */
@RestController
class ImageGenerationController {

	private static final Logger logger = LoggerFactory.getLogger(ImageGenerationController.class);

	private final ImageGenerationService generations;

	private final ImageService images;

	private final ImageLinks links;

	private final InstantSource clock;

	ImageGenerationController(ImageGenerationService generations, ImageService images, ImageLinks links,
			InstantSource clock) {
		this.generations = generations;
		this.images = images;
		this.links = links;
		this.clock = clock;
	}

	/**
	 * Paint pictures of what a prompt says, side by side. Those that fail are left out,
	 * unless all do.
	 * @throws InvalidRequestException if the request makes no sense
	 */
	@PostMapping("/v1/images/generations")
	ImageGenerationResponse generate(@RequestBody ImageGenerationRequest request, HttpServletRequest http) {
		ImageGenerationSpec order = request.order();
		List<ImageGenerationResponse.Image> images = new ArrayList<>();
		List<RuntimeException> failures = new ArrayList<>();
		List<GenerationHandle> told = new ArrayList<>();
		for (GenerationHandle generation : begin(request, order.count(), http)) {
			try {
				images.add(image(generation, order, http));
				told.add(generation);
			}
			catch (CapacityExceededException | TooMuchTextException | ServiceStoppingException | AkashGenException
					| PollingException | ImageUnavailableException | ImageConversionException
					| ConversionQueueFullException | ImageStorageException ex) {
				failures.add(ex);
			}
		}
		failures.forEach(ImageGenerationController::log);
		if (images.isEmpty()) {
			throw inTermsOfTheRequest(failures.getFirst());
		}
		DeliveryInterceptor.watch(http, told);
		return ImageGenerationResponse.of(this.clock.instant(), images);
	}

	private static RuntimeException inTermsOfTheRequest(RuntimeException failure) {
		return (failure instanceof AkashGenException.PromptRefused refused)
				? new InvalidRequestException("prompt", "is refused: " + refused.upstreamMessage(), refused) : failure;
	}

	private List<GenerationHandle> begin(ImageGenerationRequest request, int count, HttpServletRequest http) {
		// From here on, it is counted where it waits.
		TextWhileRead.letGo(http);
		List<GenerationHandle> generations = IntStream.range(0, count)
			.mapToObj((index) -> this.generations.begin(new Conversation(request.conversation()),
					RequestIdentities.of(http, index)))
			.toList();
		request.forgetPrompt();
		return generations;
	}

	private ImageGenerationResponse.Image image(GenerationHandle generation, ImageGenerationSpec order,
			HttpServletRequest http) {
		StoredImage made = generation.picture();
		Job job = generation.job();
		if (order.isInline()) {
			StoredImage image = (order.format() != null)
					? this.images.convert(job.id(), made, order.format(), ClientConnection.of(http)) : made;
			return ImageGenerationResponse.Image.inline(image, image.format(), job);
		}
		ImageFormat format = order.formatOf(made);
		String url = (format != made.format()) ? this.links.linkTo(job.id(), format, http)
				: this.links.linkTo(job.id(), http);
		return ImageGenerationResponse.Image.linked(url, job, format);
	}

	/** All else that goes wrong stands in the log of jobs. */
	private static void log(RuntimeException failure) {
		if (failure instanceof ImageConversionException ex) {
			logger.atWarn()
				.addKeyValue("jobId", ex.jobId())
				.log("The picture of job {} is left out: {}", ex.jobId(), ex.getMessage());
		}
	}

}
