package io.github.akashgen2api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * OpenAI's usage object.
 */
record Usage(@JsonProperty("prompt_tokens") int promptTokens, @JsonProperty("completion_tokens") int completionTokens,
		@JsonProperty("total_tokens") int totalTokens) {

	/** AkashGen's own figures are constants, and clients do not pay for tokens. */
	static final Usage ZERO = new Usage(0, 0, 0);

}
