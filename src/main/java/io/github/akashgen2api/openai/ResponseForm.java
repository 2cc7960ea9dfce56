package io.github.akashgen2api.openai;

import org.jspecify.annotations.Nullable;

/**
 * How a client wants to be answered. It is stored with the job, as a client may come back
 * for the answer.
 *
 * @param model the requested model
 * @param tool by which the image itself is the answer; {@code null} for a message
 * @param background whether the client did not wait
 * @param previousResponseId the response that was continued; {@code null} for none
 */
record ResponseForm(String model, @Nullable ResponseTool tool, boolean background,
		@Nullable String previousResponseId) {

	/** For a job that was not asked for as a response. */
	static final ResponseForm MESSAGE = new ResponseForm(ChatCompletionRequest.DEFAULT_MODEL, null, false, null);

}
