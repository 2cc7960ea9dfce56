package io.github.akashgen2api.openai;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * An event of a streamed response.
 *
 * @param type the name of the event
 * @param sequenceNumber the number of events before it
 * @param fields those of this type
 */
record ResponseEvent(String type, @JsonProperty("sequence_number") int sequenceNumber, @JsonUnwrapped Object fields) {

	/** The response as a whole. */
	record OfResponse(ResponseObject response) {
	}

	/** The only item of the output. */
	record OfItem(@JsonProperty("output_index") int outputIndex, ResponseOutput item) {

		OfItem(ResponseOutput item) {
			this(0, item);
		}

	}

	/** Progress of the call that generates the image. */
	record OfCall(@JsonProperty("output_index") int outputIndex, @JsonProperty("item_id") String itemId) {

		OfCall(ResponseOutput item) {
			this(0, item.id());
		}

	}

	/**
	 * The only part of the message.
	 *
	 * @param part the part as a whole; {@code null} and omitted in the others
	 * @param delta the text that follows
	 * @param text the text as a whole
	 * @param logprobs empty with a text; some clients require the field
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record OfPart(@JsonProperty("output_index") int outputIndex, @JsonProperty("item_id") String itemId,
			@JsonProperty("content_index") int contentIndex, ResponseOutput.@Nullable Text part, @Nullable String delta,
			@Nullable String text, @Nullable List<String> logprobs) {

		static OfPart part(ResponseOutput.Message message, ResponseOutput.Text part) {
			return new OfPart(0, message.id(), 0, part, null, null, null);
		}

		static OfPart delta(ResponseOutput.Message message) {
			return new OfPart(0, message.id(), 0, null, message.text().text(), null, List.of());
		}

		static OfPart text(ResponseOutput.Message message) {
			return new OfPart(0, message.id(), 0, null, null, message.text().text(), List.of());
		}

	}

	/**
	 * An error.
	 *
	 * @param error in OpenAI's shape
	 */
	record OfError(@JsonUnwrapped Object error) {
	}

}
