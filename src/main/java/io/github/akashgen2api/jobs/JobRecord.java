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
 * @param suspicion how likely the job's answer is to have ended a process: 1 if a process
 * ended while it asked for this job alone, 2 if that happened again, or it had taken
 * long; {@code null}: not
 */
public record JobRecord(String id, String prompt, String negativePrompt, Instant since, String request,
		@Nullable String idempotencyKey, boolean isOpen, boolean isWanted, @Nullable Integer suspicion) {

	private static final int MOST_SUSPECT = 2;

	/** Of a prompt; AkashGen's language model writes a hundredth of that. */
	private static final int MAX_PROMPT = 10_000;

	/**
	 * A job that was queued just now.
	 */
	public static JobRecord of(Job job, Instant since, String request, @Nullable String idempotencyKey) {
		return new JobRecord(job.id().value(), cut(job.prompt()), cut(job.negativePrompt()), since, request,
				idempotencyKey, true, true, null);
	}

	private static String cut(String prompt) {
		return prompt.substring(0, Math.min(prompt.length(), MAX_PROMPT));
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
				false, this.isWanted, this.suspicion);
	}

	/**
	 * The same job when nobody else shall take it up.
	 */
	public JobRecord unwanted() {
		return new JobRecord(this.id, this.prompt, this.negativePrompt, this.since, this.request, this.idempotencyKey,
				this.isOpen, false, this.suspicion);
	}

	/**
	 * How likely the job's answer is to have ended a process.
	 */
	int suspicionOrNone() {
		return (this.suspicion != null) ? this.suspicion : 0;
	}

	/**
	 * Whether the job is never to be asked for again.
	 */
	public boolean wasGivenUp() {
		return suspicionOrNone() >= MOST_SUSPECT;
	}

	/**
	 * The same job while AkashGen is asked for it alone.
	 */
	public JobRecord moreSuspect() {
		return withSuspicion(suspicionOrNone() + 1);
	}

	/**
	 * The same job while its answer takes long.
	 */
	public JobRecord mostSuspect() {
		return withSuspicion(MOST_SUSPECT);
	}

	/**
	 * The same job when it was asked for, and the process has not ended.
	 */
	public JobRecord trusted() {
		return withSuspicion(null);
	}

	private JobRecord withSuspicion(@Nullable Integer suspicion) {
		return new JobRecord(this.id, this.prompt, this.negativePrompt, this.since, this.request, this.idempotencyKey,
				this.isOpen, this.isWanted, suspicion);
	}

}
