package io.github.akashgen2api.openai;

import java.util.OptionalInt;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.generation.ImageGenerationService;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobSnapshot;
import io.github.akashgen2api.polling.PollingService;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Maps jobs to what clients see of them.
 */
@Component
class ImageJobMapper {

	private final ImageGenerationService generations;

	private final PollingService polling;

	private final ImageLinks links;

	ImageJobMapper(ImageGenerationService generations, PollingService polling, ImageLinks links) {
		this.generations = generations;
		this.polling = polling;
		this.links = links;
	}

	/**
	 * Map a job as it stands.
	 * @param http the request, whose client opens the link to the image
	 */
	ImageJobResponse response(ImageJob job, HttpServletRequest http) {
		JobSnapshot snapshot = job.snapshot();
		Job upstream = job.upstream();
		OptionalInt position = position(job, snapshot.state(), upstream);
		return new ImageJobResponse(job.id(), ImageJobResponse.OBJECT, job.since().getEpochSecond(),
				status(snapshot.state(), position).word(), position.isPresent() ? position.getAsInt() : null,
				job.prompt(), (upstream != null) ? textOrNull(upstream.prompt()) : null,
				(upstream != null) ? textOrNull(upstream.negativePrompt()) : null,
				(upstream != null) ? this.links.linkTo(upstream.id(), http) : null, snapshot.error(),
				ImageJobResponse.seconds(snapshot.completed()), job.metadata());
	}

	private OptionalInt position(ImageJob job, ImageJob.State state, @Nullable Job upstream) {
		if (upstream == null) {
			return state.isOpen() ? this.generations.queuePosition(job) : OptionalInt.empty();
		}
		return (state == ImageJob.State.SUBMITTED
				&& this.polling.lastSeen(upstream.id()).orElse(null) instanceof JobStatus.Pending pending
				&& pending.queuePosition() > 0) ? OptionalInt.of(pending.queuePosition()) : OptionalInt.empty();
	}

	private static ImageJobResponse.Status status(ImageJob.State state, OptionalInt position) {
		return (state == ImageJob.State.SUBMITTED && position.isPresent()) ? ImageJobResponse.Status.QUEUED
				: ImageJobResponse.Status.of(state);
	}

	private static @Nullable String textOrNull(String text) {
		return text.isEmpty() ? null : text;
	}

}
