package io.github.akashgen2api.jobs;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import org.jspecify.annotations.Nullable;

/**
 * A job as it is stored.
 *
 * @param id the service's own id
 * @param key the fingerprint of the client's key
 * @param digest the digest of the request
 * @param idempotencyKey the digest of the {@code Idempotency-Key}; {@code null} without
 * one
 * @param since when the image was asked for
 * @param state where the job stands
 * @param upstreamId AkashGen's id of the job; {@code null} until it is known
 * @param prompt AkashGen's prompt; {@code null} until it is known
 * @param negativePrompt AkashGen's negative prompt; {@code null} until it is known
 * @param delivered whether a client has been told where the image is
 * @param suspicion how often a process ended while it asked for the job alone
 * @param words the last words of the user, or the start of them
 * @param metadata what the client has attached to the job
 * @param images the SHA-256 of the image and of its conversions, in hexadecimal digits
 * @param completed when the job ended; {@code null} if it has not, or if that is not
 * known
 * @param error why there is no image; {@code null} if there is one, or the job has not
 * ended
 * @param form how the client wants to be answered; {@code null} if it does not matter
 */
record JobRecord(String id, String key, String digest, @Nullable String idempotencyKey, Instant since,
		ImageJob.State state, @Nullable String upstreamId, @Nullable String prompt, @Nullable String negativePrompt,
		boolean delivered, int suspicion, String words, Map<String, String> metadata, List<String> images,
		@Nullable Instant completed, @Nullable JobError error, @Nullable String form) {

	/**
	 * Check what was read.
	 * @throws NullPointerException if something is missing
	 * @throws IllegalArgumentException if AkashGen's id is not one
	 */
	JobRecord {
		Objects.requireNonNull(id);
		Objects.requireNonNull(key);
		Objects.requireNonNull(digest);
		Objects.requireNonNull(since);
		Objects.requireNonNull(state);
		images = (images != null) ? List.copyOf(images) : List.of();
		words = Objects.requireNonNullElse(words, "");
		metadata = (metadata != null) ? Collections.unmodifiableMap(metadata) : Map.of();
		if (upstreamId != null) {
			var _ = new JobId(upstreamId);
			Objects.requireNonNull(prompt);
			Objects.requireNonNull(negativePrompt);
		}
		else if (state == ImageJob.State.SUBMITTED || state == ImageJob.State.SUCCEEDED
				|| state == ImageJob.State.LOST) {
			throw new IllegalArgumentException("AkashGen's id is missing");
		}
	}

	/** The job as AkashGen names it; {@code null} until it does. */
	@Nullable Job upstream() {
		return (this.upstreamId != null) ? new Job(new JobId(this.upstreamId), Objects.requireNonNull(this.prompt),
				Objects.requireNonNull(this.negativePrompt)) : null;
	}

}
