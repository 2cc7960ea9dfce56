/**
 * What OpenAI clients see: their requests, and our answers in their shapes. It must not
 * know how AkashGen is spoken to, nor what a caller is told when something went wrong.
 */
@NullMarked
package io.github.akashgen2api.openai;

import org.jspecify.annotations.NullMarked;
