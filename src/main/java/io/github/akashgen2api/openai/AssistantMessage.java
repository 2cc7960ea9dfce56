package io.github.akashgen2api.openai;

import java.util.List;
import java.util.UUID;

import io.github.akashgen2api.akash.Job;
import org.jspecify.annotations.Nullable;

/**
 * The assistant's message in a completion.
 *
 * @param id the job's id; random for a text answer
 * @param content Markdown
 * @param imageFields the same for clients that follow the README; {@code null} for a text
 * answer
 */
record AssistantMessage(String id, String content, @Nullable ImageFields imageFields) {

	private static final String COMPLETED = "completed";

	/** Screen readers read the alternative text; the whole prompt follows the image. */
	private static final int MAX_ALTERNATIVE = 120;

	/**
	 * Create the message for a finished image. AkashGen's prompt follows the image, so
	 * that a follow-up such as "make it blue" can refer to it.
	 */
	static AssistantMessage image(Job job, String imageUrl) {
		return image(job, imageUrl, COMPLETED);
	}

	/** Create the message for an image that is not finished. */
	static AssistantMessage pending(Job job, String imageUrl) {
		return image(job, imageUrl, "pending");
	}

	private static AssistantMessage image(Job job, String imageUrl, String status) {
		String response = "<image_generation> jobId='%s' prompt='%s' negative='%s'</image_generation>\n![Generated Image](%s)"
			.formatted(job.id(), job.prompt(), job.negativePrompt(), imageUrl);
		return new AssistantMessage(job.id().value(), content(Markdown.oneLine(job.prompt()), imageUrl),
				new ImageFields(response, status, imageUrl));
	}

	private static String content(String prompt, String imageUrl) {
		String alternative = prompt.codePoints()
			.limit(MAX_ALTERNATIVE)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
		String image = Markdown.image(alternative.isEmpty() ? "Generated image" : alternative, imageUrl);
		return prompt.isEmpty() ? image : image + "\n\n" + Markdown.text(prompt);
	}

	static AssistantMessage text(String text) {
		return new AssistantMessage(randomId(), text, null);
	}

	static String randomId() {
		return "chatcmpl-" + UUID.randomUUID();
	}

	/** The finished image as a part of the message; {@code null} for a text answer. */
	@Nullable List<ImagePart> images() {
		return (this.imageFields != null && this.imageFields.status().equals(COMPLETED))
				? List.of(ImagePart.of(this.imageFields.imageUrl())) : null;
	}

	AssistantMessage withId(String id) {
		return new AssistantMessage(id, this.content, this.imageFields);
	}

	/**
	 * The fields that the README documents.
	 *
	 * @param response AkashGen's tag with its revised prompt, and the image in Markdown
	 * @param status {@code completed}, or {@code pending} if the client did not wait
	 * @param imageUrl where the image is, or will be
	 */
	record ImageFields(String response, String status, String imageUrl) {
	}

}
