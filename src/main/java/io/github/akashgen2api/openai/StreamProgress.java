package io.github.akashgen2api.openai;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.polling.PollingService;

import org.springframework.stereotype.Component;

/**
 * Describes where a generation stands, for the comments of a stream.
 */
@Component
class StreamProgress {

	private final PollingService polling;

	StreamProgress(PollingService polling) {
		this.polling = polling;
	}

	/**
	 * Describe where a generation stands, in one line.
	 * @param elapsed the time since the request
	 */
	String describe(GenerationHandle generation, Duration elapsed) {
		return generation.imageJob().map(ImageJob::upstream).map(this::status).orElseGet(() -> submitStatus(generation))
				+ ", " + elapsed.toSeconds() + " s";
	}

	/**
	 * The job of a generation.
	 * @param atMost how long to wait for it
	 * @return empty if AkashGen has not answered the submit yet, or has answered in text
	 * @throws RuntimeException if the generation has failed otherwise
	 */
	static Optional<Job> job(GenerationHandle generation, Duration atMost) {
		try {
			return generation.awaitJob(atMost);
		}
		catch (AkashGenException.TextAnswer ex) {
			return Optional.empty();
		}
	}

	private static String submitStatus(GenerationHandle generation) {
		OptionalInt position = generation.queuePosition();
		return position.isPresent() ? "queued, position " + position.getAsInt() : "asking AkashGen";
	}

	private String status(Job job) {
		return switch (this.polling.lastSeen(job.id()).orElse(null)) {
			case JobStatus.Pending pending when pending.queuePosition() > 0 ->
				"pending, queue position " + pending.queuePosition();
			case null, default -> "pending";
		};
	}

}
