package io.github.akashgen2api.openai;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobError;
import org.jspecify.annotations.Nullable;

/**
 * A job as clients see it.
 *
 * @param id the service's own id
 * @param object always {@code image.job}
 * @param createdAt when the image was asked for, in seconds since 1970
 * @param status where the job stands
 * @param queuePosition the place in the queue, 1 is next; {@code null} if the job is in
 * no queue, or AkashGen does not say
 * @param prompt the last words of the user, 1,000 characters at most
 * @param revisedPrompt AkashGen's prompt; {@code null} until it is known
 * @param negativePrompt AkashGen's negative prompt; {@code null} until it is known
 * @param imageUrl where the image is, or will be; {@code null} until AkashGen has named
 * the job
 * @param error why there is no image; {@code null} unless the job has failed
 * @param completedAt when the job ended, in seconds since 1970; {@code null} if it has
 * not
 * @param metadata what the client has attached to the job
 */
record ImageJobResponse(String id, String object, @JsonProperty("created_at") long createdAt, String status,
		@JsonProperty("queue_position") @Nullable Integer queuePosition, String prompt,
		@JsonProperty("revised_prompt") @Nullable String revisedPrompt,
		@JsonProperty("negative_prompt") @Nullable String negativePrompt,
		@JsonProperty("image_url") @Nullable String imageUrl, @Nullable JobError error,
		@JsonProperty("completed_at") @Nullable Long completedAt, Map<String, String> metadata) {

	static final String OBJECT = "image.job";

	boolean hasEnded() {
		return this.status.equals(Status.COMPLETED.word()) || this.status.equals(Status.FAILED.word());
	}

	static @Nullable Long seconds(@Nullable Instant time) {
		return (time != null) ? time.getEpochSecond() : null;
	}

	/** Where a job stands. */
	enum Status {

		/** In the queue of this service, or in AkashGen's. */
		QUEUED,

		/** Being painted, or AkashGen does not say that it is queued. */
		IN_PROGRESS,

		/** The image is stored. */
		COMPLETED,

		/** There is no image. */
		FAILED;

		/** Where a job stands that is in no queue. */
		static Status of(ImageJob.State state) {
			return switch (state) {
				case WAITING, SUBMITTING -> QUEUED;
				case SUBMITTED -> IN_PROGRESS;
				case SUCCEEDED -> COMPLETED;
				case FAILED, LOST -> FAILED;
			};
		}

		String word() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
