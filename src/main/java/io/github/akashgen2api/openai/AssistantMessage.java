package io.github.akashgen2api.openai;

import java.util.UUID;

import io.github.akashgen2api.akash.Job;
import org.jspecify.annotations.Nullable;

/**
 * What the assistant says.
 *
 * @param id the job's id; of words, a made-up one
 * @param content what a chat app shows, in Markdown
 * @param painting the same for callers who follow the README; {@code null} for words
 */
record AssistantMessage(String id, String content, @Nullable Painting painting) {

	/** An alternative text is read aloud; the whole prompt stands below. */
	private static final int MAX_ALTERNATIVE = 120;

	/**
	 * A picture, and below it AkashGen's prompt, which a follow-up such as "make it blue"
	 * refers to.
	 */
	static AssistantMessage picture(Job job, String imageUrl) {
		return painting(job, imageUrl, "completed");
	}

	/** The place of a picture that is still being made. */
	static AssistantMessage pending(Job job, String imageUrl) {
		return painting(job, imageUrl, "pending");
	}

	private static AssistantMessage painting(Job job, String imageUrl, String status) {
		String response = "<image_generation> jobId='%s' prompt='%s' negative='%s'</image_generation>\n![Generated Image](%s)"
			.formatted(job.id(), job.prompt(), job.negativePrompt(), imageUrl);
		return new AssistantMessage(job.id().value(), content(Markdown.oneLine(job.prompt()), imageUrl),
				new Painting(response, status, imageUrl));
	}

	private static String content(String prompt, String imageUrl) {
		String alternative = prompt.codePoints()
			.limit(MAX_ALTERNATIVE)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
		String image = Markdown.image(alternative.isEmpty() ? "Generated image" : alternative, imageUrl);
		return prompt.isEmpty() ? image : image + "\n\n" + Markdown.text(prompt);
	}

	/** Words, as they are. */
	static AssistantMessage words(String words) {
		return new AssistantMessage(madeUpId(), words, null);
	}

	static String madeUpId() {
		return "chatcmpl-" + UUID.randomUUID();
	}

	AssistantMessage withId(String id) {
		return new AssistantMessage(id, this.content, this.painting);
	}

	/**
	 * The fields of the README.
	 *
	 * @param response AkashGen's tag with the prompt as it understood it, and the picture
	 * in Markdown
	 * @param status {@code completed}, or {@code pending} where the caller did not wait
	 * @param imageUrl where the picture is, or will be
	 */
	record Painting(String response, String status, String imageUrl) {
	}

}
