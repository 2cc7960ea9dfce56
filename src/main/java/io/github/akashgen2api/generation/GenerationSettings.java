package io.github.akashgen2api.generation;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long generations are waited for, and what is said of them.
 *
 * @param answerWithin the longest that a caller waits, whatever AkashGen does
 * @param waitingAtOnce how many callers wait at the same time at most; 0: as many as the
 * memory has room for
 * @param logPrompts whether the log tells what was painted
 */
@Validated
@ConfigurationProperties("generation")
record GenerationSettings(@DurationMin(millis = 1) Duration answerWithin, @Min(0) @Max(1_000_000) int waitingAtOnce,
		boolean logPrompts) {

	/**
	 * Of heap: some 13 KB each, measured with 10,000, and room for what else there is.
	 */
	private static final int BYTES_EACH = 32 * 1024;

	int mostWaiting() {
		return (this.waitingAtOnce > 0) ? this.waitingAtOnce
				: Math.toIntExact(Math.max(1, Runtime.getRuntime().maxMemory() / BYTES_EACH));
	}

}
