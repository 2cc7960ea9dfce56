package io.github.akashgen2api.openai;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.web.body.KnownFields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The body of {@code POST /v1/responses}. All other fields are ignored.
 *
 * @param input a text, or items: messages as in chat completions, and others, which are
 * ignored
 * @param model echoed in the answer; {@code null} for {@code AkashGen}
 * @param stream whether to answer with an event stream
 * @param tools only {@code image_generation} counts: the answer is the image, and not a
 * message with a link to it
 * @param toolChoice {@code none} for a message, {@code image_generation} for the image;
 * {@code null} if the tools decide
 * @param metadata at most 16 pairs that the job carries; {@code null} for none
 * @param previousResponseId the response that is continued; {@code null} for none
 * @param conversation the same
 * @param background whether to answer at once, and to go on if the client disconnects
 * @param maxTokens the maximum length of a text answer; {@code null} if the client sends
 * none
 */
@KnownFields(
		value = { "input", "model", "stream", "tools", "tool_choice", "metadata", "previous_response_id",
				"conversation", "background", "max_output_tokens" },
		nested = { "type", "role", "content", "text", "id", "output_format", "output_compression" }, open = "metadata")
record ResponseRequest(@JsonDeserialize(using = InputDeserializer.class) @Nullable RecentMessages input,
		@Nullable String model, @Nullable Boolean stream, @Nullable List<@Nullable ResponseTool> tools,
		@JsonProperty("tool_choice") @JsonDeserialize(using = NameDeserializer.class) @Nullable String toolChoice,
		@Nullable Map<String, @Nullable String> metadata,
		@JsonProperty("previous_response_id") @Nullable String previousResponseId,
		@JsonDeserialize(using = NameDeserializer.class) @Nullable String conversation, @Nullable Boolean background,
		@ChatCompletionRequest.TokenLimit @Nullable Integer maxTokens) {

	boolean isStreamed() {
		return Boolean.TRUE.equals(this.stream);
	}

	boolean isInBackground() {
		return Boolean.TRUE.equals(this.background);
	}

	/**
	 * The same request as a chat completion.
	 */
	ChatCompletionRequest toChat() {
		return new ChatCompletionRequest(this.input, this.model, null, this.stream, null, this.maxTokens, null, null);
	}

	/**
	 * What the image shall show.
	 * @throws InvalidRequestException as for a chat completion
	 */
	List<Message> messages() {
		try {
			return toChat().conversation();
		}
		catch (InvalidRequestException ex) {
			throw ex.at(ex.field().replaceFirst("^messages", "input"));
		}
	}

	/**
	 * The metadata, checked.
	 * @throws InvalidRequestException if there are too many pairs, or one is too long
	 */
	Map<String, String> checkedMetadata() {
		return ImageJobRequest.checked(this.metadata);
	}

	/**
	 * How the client wants to be answered.
	 * @throws InvalidRequestException if the format of the image is wrong
	 */
	ResponseForm form() {
		return new ResponseForm(toChat().modelOrDefault(), imageTool(), isInBackground(), this.previousResponseId);
	}

	private @Nullable ResponseTool imageTool() {
		ResponseTool tool = ResponseTool.IMAGE_GENERATION.equals(this.toolChoice) ? ResponseTool.ANY : null;
		for (int i = 0; this.tools != null && i < this.tools.size(); i++) {
			ResponseTool each = this.tools.get(i);
			if (each != null && each.isImageGeneration()) {
				tool = each.checked("tools[" + i + "].");
			}
		}
		return "none".equals(this.toolChoice) ? null : tool;
	}

	/**
	 * Release the memory of the input. It may be long, and the request is held until the
	 * image is finished.
	 */
	void discardInput() {
		if (this.input != null) {
			this.input.clear();
		}
	}

}
