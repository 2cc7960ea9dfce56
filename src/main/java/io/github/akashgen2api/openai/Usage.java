package io.github.akashgen2api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a completion cost.
 *
 * @param promptTokens tokens that were read
 * @param completionTokens tokens that were written
 * @param totalTokens the sum
 */
record Usage(@JsonProperty("prompt_tokens") int promptTokens, @JsonProperty("completion_tokens") int completionTokens,
		@JsonProperty("total_tokens") int totalTokens) {

	/** AkashGen's own figures are constants, and no tokens are paid for. */
	static final Usage NONE = new Usage(0, 0, 0);

}
