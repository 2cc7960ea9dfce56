package io.github.akashgen2api.generation;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What is said of generations.
 *
 * @param logPrompts whether the log tells what was painted
 */
@ConfigurationProperties("generation")
record GenerationSettings(boolean logPrompts) {

}
