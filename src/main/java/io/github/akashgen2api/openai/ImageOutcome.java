package io.github.akashgen2api.openai;

import io.github.akashgen2api.generation.GenerationHandle;
import org.jspecify.annotations.Nullable;

/**
 * The end of one of a request's generations: an image, or an error.
 *
 * @param image {@code null} if there is an error
 * @param error {@code null} if there is an image
 */
record ImageOutcome(GenerationHandle generation, ImageGenerationResponse.@Nullable Image image,
		@Nullable RuntimeException error) {
}
