package io.github.akashgen2api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The usage object of a response.
 */
record ResponseUsage(@JsonProperty("input_tokens") int inputTokens,
		@JsonProperty("input_tokens_details") InputDetails inputTokensDetails,
		@JsonProperty("output_tokens") int outputTokens,
		@JsonProperty("output_tokens_details") OutputDetails outputTokensDetails,
		@JsonProperty("total_tokens") int totalTokens) {

	/** As in chat completions. */
	static final ResponseUsage ZERO = new ResponseUsage(0, new InputDetails(0, 0), 0, new OutputDetails(0), 0);

	/**
	 * OpenAI's details of the input.
	 */
	record InputDetails(@JsonProperty("cached_tokens") int cachedTokens,
			@JsonProperty("cache_write_tokens") int cacheWriteTokens) {
	}

	/**
	 * OpenAI's details of the output.
	 */
	record OutputDetails(@JsonProperty("reasoning_tokens") int reasoningTokens) {
	}

}
