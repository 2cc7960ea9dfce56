package io.github.akashgen2api.openai;

import io.github.akashgen2api.akash.Job;

/**
 * The answer to {@code POST /v1/chat/completions}.
 *
 * @param id the job's id
 * @param model the model that was asked for
 * @param response AkashGen's tag with the prompt as it understood it, and the picture in
 * Markdown
 * @param status {@code completed}, or {@code pending} where the caller did not wait
 * @param imageUrl where the picture is, or will be
 */
record ChatCompletionResponse(String id, String model, String response, String status, String imageUrl) {

	static ChatCompletionResponse completed(Job job, String model, String imageUrl) {
		return of(job, model, "completed", imageUrl);
	}

	static ChatCompletionResponse pending(Job job, String model, String imageUrl) {
		return of(job, model, "pending", imageUrl);
	}

	private static ChatCompletionResponse of(Job job, String model, String status, String imageUrl) {
		String response = "<image_generation> jobId='%s' prompt='%s' negative='%s'</image_generation>\n![Generated Image](%s)"
			.formatted(job.id(), job.prompt(), job.negativePrompt(), imageUrl);
		return new ChatCompletionResponse(job.id().value(), model, response, status, imageUrl);
	}

}
