package io.github.akashgen2api.generation;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long generations are waited for, and what is said of them.
 *
 * @param answerWithin the longest that a caller waits, whatever AkashGen does
 * @param logPrompts whether the log tells what was painted
 */
@Validated
@ConfigurationProperties("generation")
record GenerationSettings(@DurationMin(millis = 1) Duration answerWithin, boolean logPrompts) {

}
