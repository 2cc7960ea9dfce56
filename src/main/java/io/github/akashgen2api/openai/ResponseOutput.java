package io.github.akashgen2api.openai;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.images.StoredImage;
import io.github.akashgen2api.openai.ImageJobResponse.Status;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * What a response consists of: exactly one item.
 */
sealed interface ResponseOutput {

	/** Tells the item apart from those of other responses. */
	String id();

	/**
	 * A message.
	 *
	 * @param type always {@code message}
	 * @param status {@code in_progress} or {@code completed}
	 * @param role always {@code assistant}
	 * @param content exactly one; empty while it is in progress
	 */
	record Message(String id, String type, String status, String role, List<Text> content) implements ResponseOutput {

		/**
		 * Create a message.
		 * @param digits of the response's id
		 * @param markdown what it says
		 */
		static Message of(String digits, String markdown) {
			return new Message("msg_" + digits, "message", Status.COMPLETED.word(), "assistant",
					List.of(Text.of(markdown)));
		}

		Message begun() {
			return new Message(this.id, this.type, Status.IN_PROGRESS.word(), this.role, List.of());
		}

		Text text() {
			return this.content.getFirst();
		}

	}

	/**
	 * The text of a message.
	 *
	 * @param type always {@code output_text}
	 * @param text Markdown
	 * @param annotations always empty; some clients require the field
	 * @param logprobs the same
	 */
	record Text(String type, String text, List<String> annotations, List<String> logprobs) {

		static Text of(String markdown) {
			return new Text("output_text", markdown, List.of(), List.of());
		}

	}

	/**
	 * A call of the tool that generates images.
	 *
	 * @param type always {@code image_generation_call}
	 * @param status {@code in_progress} or {@code completed}
	 * @param result the image in base64; {@code null} while it is in progress
	 * @param outputFormat the format of the image; {@code null} while it is in progress
	 * @param revisedPrompt AkashGen's prompt; {@code null} if AkashGen sent none
	 */
	record ImageCall(String id, String type, String status,
			@JsonSerialize(using = Base64Serializer.class) @Nullable StoredImage result,
			@JsonProperty("output_format") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String outputFormat,
			@JsonProperty("revised_prompt") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String revisedPrompt)
			implements
				ResponseOutput {

		/**
		 * Create a call whose image is not finished.
		 * @param digits of the response's id
		 */
		static ImageCall begun(String digits) {
			return new ImageCall("ig_" + digits, "image_generation_call", Status.IN_PROGRESS.word(), null, null, null);
		}

		ImageCall begun() {
			return new ImageCall(this.id, this.type, Status.IN_PROGRESS.word(), null, null, null);
		}

		ImageCall completed(StoredImage image, Job job) {
			return new ImageCall(this.id, this.type, Status.COMPLETED.word(), image, image.format().subtype(),
					job.prompt().isEmpty() ? null : job.prompt());
		}

	}

}
