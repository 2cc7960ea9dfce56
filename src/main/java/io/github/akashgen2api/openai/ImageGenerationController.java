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
import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.generation.ImageGenerationService;
import io.github.akashgen2api.generation.OutcomeUnknownException;
import io.github.akashgen2api.images.ConversionQueueFullException;
import io.github.akashgen2api.images.ImageConversionException;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.images.StoredImage;
import io.github.akashgen2api.jobs.Conversation;
import io.github.akashgen2api.jobs.JobDeletedException;
import io.github.akashgen2api.jobs.JobRequest;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import io.github.akashgen2api.web.body.TextCountingStream;
import io.github.akashgen2api.web.server.ClientConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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
	 * Generate images of a prompt, all at the same time. Failed images are omitted; if
	 * all fail, the request fails.
	 * @throws InvalidRequestException if a field is wrong
	 */
	@PostMapping("/v1/images/generations")
	ImageGenerationResponse generate(@RequestBody ImageGenerationRequest request, HttpServletRequest http,
			HttpServletResponse response) {
		ImageGenerationSpec spec = request.toSpec();
		List<ImageGenerationResponse.Image> images = new ArrayList<>();
		List<RuntimeException> errors = new ArrayList<>();
		List<GenerationHandle> succeeded = new ArrayList<>();
		List<GenerationHandle> generations = begin(request, spec.count(), http);
		DeliveryInterceptor.name(generations, response);
		for (GenerationHandle generation : generations) {
			try {
				images.add(image(generation, spec, http));
				succeeded.add(generation);
			}
			catch (JobDeletedException | CapacityExceededException | OutcomeUnknownException | TooMuchTextException
					| ServiceStoppingException | AkashGenException | PollingException | ImageUnavailableException
					| ImageConversionException | ConversionQueueFullException | ImageStorageException ex) {
				errors.add(ex);
			}
		}
		errors.forEach(ImageGenerationController::log);
		if (images.isEmpty()) {
			throw namingThePrompt(errors.getFirst());
		}
		succeeded.forEach(GenerationHandle::beginAnswer);
		DeliveryInterceptor.track(http, succeeded);
		return ImageGenerationResponse.of(this.clock.instant(), images);
	}

	private static RuntimeException namingThePrompt(RuntimeException error) {
		return (error instanceof AkashGenException.PromptRefused refused)
				? new InvalidRequestException("prompt", "is refused: " + refused.upstreamMessage(), refused) : error;
	}

	private List<GenerationHandle> begin(ImageGenerationRequest request, int count, HttpServletRequest http) {
		// The queue of submits counts the text from here on.
		TextCountingStream.release(http);
		List<GenerationHandle> generations = IntStream.range(0, count)
			.mapToObj((index) -> this.generations.begin(
					new JobRequest(RequestIdentities.of(http, index), new Conversation(request.conversation())),
					ClientConnection.of(http)))
			.toList();
		request.discardPrompt();
		return generations;
	}

	private ImageGenerationResponse.Image image(GenerationHandle generation, ImageGenerationSpec spec,
			HttpServletRequest http) {
		generation.awaitImage();
		Job job = generation.awaitJob();
		StoredImage stored = this.images.find(job.id())
			.orElseThrow(() -> new ImageStorageException("it was removed for newer ones"));
		if (spec.isInline()) {
			StoredImage image = (spec.format() != null)
					? this.images.convert(job.id(), stored, spec.format(), ClientConnection.of(http)) : stored;
			return ImageGenerationResponse.Image.inline(image, image.format(), job);
		}
		ImageFormat format = spec.formatOf(stored);
		String url = (format != stored.format()) ? this.links.linkTo(job.id(), format, http)
				: this.links.linkTo(job.id(), http);
		return ImageGenerationResponse.Image.linked(url, job, format);
	}

	/** All other errors are in the log of jobs. */
	private static void log(RuntimeException error) {
		if (error instanceof ImageConversionException ex) {
			logger.atWarn()
				.addKeyValue("jobId", ex.jobId())
				.log("The image of job {} is omitted from the answer: {}", ex.jobId(), ex.getMessage());
		}
	}

}
