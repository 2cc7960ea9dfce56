package io.github.akashgen2api.jobs;

import java.time.Instant;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a job.
 *
 * @param id AkashGen's name for it
 * @param prompt what AkashGen paints
 * @param negativePrompt what AkashGen avoids
 * @param since when it was asked for
 * @param request whose wish it was, and for what; the same for the same request
 * @param idempotencyKey by which its caller may ask for it again; {@code null} where he
 * gave none
 * @param isOpen whether its picture is still to come, or to be written
 * @param isWanted whether the next to send the same request takes it up: the caller never
 * got his answer
 */
public record JobRecord(String id, String prompt, String negativePrompt, Instant since, String request,
		@Nullable String idempotencyKey, boolean isOpen, boolean isWanted) {

	/**
	 * A job that was queued just now.
	 */
	public static JobRecord of(Job job, Instant since, String request, @Nullable String idempotencyKey) {
		return new JobRecord(job.id().value(), job.prompt(), job.negativePrompt(), since, request, idempotencyKey, true,
				true);
	}

	/**
	 * The job itself.
	 */
	public Job job() {
		return new Job(new JobId(this.id), this.prompt, this.negativePrompt);
	}

	/**
	 * The same job when its picture is kept, or will never come.
	 */
	public JobRecord closed() {
		return new JobRecord(this.id, this.prompt, this.negativePrompt, this.since, this.request, this.idempotencyKey,
				false, this.isWanted);
	}

	/**
	 * The same job when nobody else shall take it up.
	 */
	public JobRecord unwanted() {
		return new JobRecord(this.id, this.prompt, this.negativePrompt, this.since, this.request, this.idempotencyKey,
				this.isOpen, false);
	}

}
