package io.github.akashgen2api.openai;

import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.generation.CapacityExceededException;
import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.generation.ImageGenerationService;
import io.github.akashgen2api.generation.OutcomeUnknownException;
import io.github.akashgen2api.images.ConversionQueueFullException;
import io.github.akashgen2api.images.ImageConversionException;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.images.ImageNotFoundException;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Answers requests for images, which are generated at the same time. Failed images are
 * omitted; if all fail, the request fails.
 */
@Component
class ImageResponder {

	private static final Logger logger = LoggerFactory.getLogger(ImageResponder.class);

	private final ImageGenerationService generations;

	private final ImageService images;

	private final ImageStreamer stream;

	private final ImageLinks links;

	private final InstantSource clock;

	ImageResponder(ImageGenerationService generations, ImageService images, ImageStreamer stream, ImageLinks links,
			InstantSource clock) {
		this.generations = generations;
		this.images = images;
		this.stream = stream;
		this.links = links;
		this.clock = clock;
	}

	/**
	 * Generate the images of a conversation.
	 * @param conversation what the images shall show; it is dropped
	 * @param eventType the type of a stream's events
	 * @return the images; {@code null} if they were streamed
	 * @throws InvalidRequestException if AkashGen refuses the prompt
	 */
	@Nullable ImageGenerationResponse answer(ImageGenerationSpec spec, Conversation conversation, String eventType,
			HttpServletRequest http, HttpServletResponse response) {
		ClientConnection client = ClientConnection.of(http);
		List<GenerationHandle> generations = begin(spec.count(), conversation, client, http);
		DeliveryInterceptor.name(generations, response);
		try {
			if (spec.isStreamed()) {
				this.stream.write(generations, (generation) -> end(generation, spec, client, http), eventType,
						response);
				return null;
			}
			return answer(generations.stream().map((generation) -> end(generation, spec, client, http)).toList(), http);
		}
		catch (AkashGenException.PromptRefused ex) {
			throw new InvalidRequestException("prompt", "is refused: " + ex.upstreamMessage(), ex);
		}
	}

	private List<GenerationHandle> begin(int count, Conversation conversation, ClientConnection client,
			HttpServletRequest http) {
		// The queue of submits counts the text from here on.
		TextCountingStream.release(http);
		List<Message> messages = conversation.messages();
		conversation.drop();
		return IntStream.range(0, count)
			.mapToObj((index) -> this.generations
				.begin(new JobRequest(RequestIdentities.of(http, index), new Conversation(messages)), client))
			.toList();
	}

	private ImageGenerationResponse answer(List<ImageOutcome> outcomes, HttpServletRequest http) {
		List<ImageOutcome> succeeded = outcomes.stream().filter((outcome) -> outcome.error() == null).toList();
		if (succeeded.isEmpty()) {
			throw Objects.requireNonNull(outcomes.getFirst().error());
		}
		List<GenerationHandle> generations = succeeded.stream().map(ImageOutcome::generation).toList();
		generations.forEach(GenerationHandle::beginAnswer);
		DeliveryInterceptor.track(http, generations);
		return ImageGenerationResponse.of(this.clock.instant(),
				succeeded.stream().map((outcome) -> Objects.requireNonNull(outcome.image())).toList());
	}

	private ImageOutcome end(GenerationHandle generation, ImageGenerationSpec spec, ClientConnection client,
			HttpServletRequest http) {
		try {
			return new ImageOutcome(generation, image(generation, spec, client, http), null);
		}
		catch (CapacityExceededException | OutcomeUnknownException | TooMuchTextException | ServiceStoppingException
				| JobDeletedException | AkashGenException | PollingException | ImageUnavailableException
				| ImageConversionException | ImageNotFoundException | ConversionQueueFullException
				| ImageStorageException ex) {
			log(ex);
			return new ImageOutcome(generation, null, ex);
		}
	}

	private ImageGenerationResponse.Image image(GenerationHandle generation, ImageGenerationSpec spec,
			ClientConnection client, HttpServletRequest http) {
		generation.awaitImage();
		Job job = generation.awaitJob();
		StoredImage stored = this.images.find(job.id())
			.orElseThrow(() -> new ImageStorageException("it was removed for newer ones"));
		StoredImage content = (spec.isInline() && spec.format() != null)
				? this.images.convert(job.id(), stored, spec.format(), client) : stored;
		ImageFormat format = spec.isInline() ? content.format() : spec.formatOf(stored);
		return new ImageGenerationResponse.Image(spec.isLinked() ? link(job, stored, format, http) : null,
				spec.isInline() ? content : null, ImageGenerationResponse.Image.revisedPrompt(job), format);
	}

	private String link(Job job, StoredImage stored, ImageFormat format, HttpServletRequest http) {
		return (format != stored.format()) ? this.links.linkTo(job.id(), format, http)
				: this.links.linkTo(job.id(), http);
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
