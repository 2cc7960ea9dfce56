/**
 * OpenAI's API: requests and answers in OpenAI's shapes. It must not know AkashGen's
 * protocol, nor how errors are rendered.
 */
@NullMarked
package io.github.akashgen2api.openai;

import org.jspecify.annotations.NullMarked;
