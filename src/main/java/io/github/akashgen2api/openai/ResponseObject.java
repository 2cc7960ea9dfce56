package io.github.akashgen2api.openai;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobError;
import io.github.akashgen2api.jobs.JobSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's response object.
 *
 * @param id {@code resp_} and the digits of the job's id; those of a response without a
 * job are random
 * @param createdAt when the image was asked for, in seconds since 1970
 * @param status as that of a job
 * @param completedAt when the job ended, in seconds since 1970; {@code null} if it has
 * not
 * @param error why there is no image; {@code null} unless the response has failed
 * @param metadata what the client has attached to the job
 * @param output one item; empty if the response is not completed
 * @param usage always zeros, as AkashGen does not count tokens; {@code null} if the
 * response is not completed
 * @param form what the client asked for
 * @param unused fields that some clients require
 */
@JsonPropertyOrder({ "id", "object" })
record ResponseObject(String id, @JsonProperty("created_at") long createdAt, String status,
		@JsonProperty("completed_at") @Nullable Long completedAt, @Nullable JobError error,
		Map<String, String> metadata, List<ResponseOutput> output, @Nullable ResponseUsage usage,
		@JsonUnwrapped Form form, @JsonUnwrapped Unused unused) {

	private static final String ID = "resp_";

	/**
	 * Create a response that is in progress.
	 * @param digits of the job's id; random if there is no job
	 */
	static ResponseObject begun(String digits, Instant created, Map<String, String> metadata, ResponseForm form) {
		return new ResponseObject(ID + digits, created.getEpochSecond(), ImageJobResponse.Status.IN_PROGRESS.word(),
				null, null, metadata, List.of(), null, Form.of(form), Unused.NULL);
	}

	static ResponseObject begun(ImageJob job, ResponseForm form) {
		return begun(digits(job), job.since(), job.metadata(), form);
	}

	/**
	 * Create a response of a job, as it stands.
	 */
	static ResponseObject of(ImageJob job, ResponseForm form) {
		JobSnapshot snapshot = job.snapshot();
		return begun(job, form).with(ImageJobResponse.Status.of(snapshot.state()),
				ImageJobResponse.seconds(snapshot.completed()), snapshot.error());
	}

	/** The digits of a job's id. */
	static String digits(ImageJob job) {
		return job.id().substring(job.id().indexOf('_') + 1);
	}

	/** The id of the job of a response. */
	static String jobId(String id) {
		return id.startsWith(ID) ? "job_" + id.substring(ID.length()) : id;
	}

	@JsonProperty("object")
	String object() {
		return "response";
	}

	ResponseObject completed(ResponseOutput item, Instant at) {
		return new ResponseObject(this.id, this.createdAt, ImageJobResponse.Status.COMPLETED.word(),
				at.getEpochSecond(), null, this.metadata, List.of(item), ResponseUsage.ZERO, this.form, this.unused);
	}

	ResponseObject failed(JobError error, Instant at) {
		return with(ImageJobResponse.Status.FAILED, at.getEpochSecond(), error);
	}

	private ResponseObject with(ImageJobResponse.Status status, @Nullable Long completedAt, @Nullable JobError error) {
		return new ResponseObject(this.id, this.createdAt, status.word(), completedAt, error, this.metadata,
				this.output, this.usage, this.form, this.unused);
	}

	/**
	 * What the client asked for.
	 *
	 * @param tools the tool that generates images; empty for a message
	 * @param toolChoice always {@code auto}
	 */
	record Form(String model, boolean background, List<ResponseTool> tools,
			@JsonProperty("tool_choice") String toolChoice,
			@JsonProperty("previous_response_id") @Nullable String previousResponseId) {

		static Form of(ResponseForm form) {
			return new Form(form.model(), form.background(), (form.tool() != null) ? List.of(form.tool()) : List.of(),
					"auto", form.previousResponseId());
		}

	}

	/**
	 * Fields of OpenAI's without a meaning here.
	 */
	record Unused(@JsonProperty("incomplete_details") @Nullable String incompleteDetails, @Nullable String instructions,
			@JsonProperty("max_output_tokens") @Nullable Integer maxOutputTokens,
			@JsonProperty("parallel_tool_calls") boolean parallelToolCalls, @Nullable Integer temperature,
			@JsonProperty("top_p") @Nullable Integer topP) {

		private static final Unused NULL = new Unused(null, null, null, true, null, null);

	}

}
