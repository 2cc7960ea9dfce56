package io.github.akashgen2api.generation;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long clients wait for images, how many wait at once, and what is logged.
 *
 * @param answerWithin the longest that a client waits, whatever AkashGen does
 * @param submitsAtOnce how many submits wait or are under way at most; 0: as many as
 * memory permits
 * @param waitingAtOnce how many clients wait at the same time at most; 0: as many as
 * memory permits
 * @param lostPause the pause before a finished image that could not be fetched is fetched
 * again; it doubles each time
 * @param logPrompts whether prompts are logged
 */
@Validated
@ConfigurationProperties("generation")
record GenerationProperties(@DurationMin(millis = 1) Duration answerWithin,
		@DefaultValue("0") @Min(0) @Max(100_000) int submitsAtOnce,
		@DefaultValue("0") @Min(0) @Max(1_000_000) int waitingAtOnce,
		@DefaultValue("5s") @DurationMin(millis = 1) Duration lostPause, boolean logPrompts) {

	/** Of heap, for all else: classes, and images on their way. */
	private static final long BYTES_BEFORE = 60 * 1024 * 1024;

	/**
	 * Of heap: some 45 KB each, measured with 1,000, and as much again and more to spare.
	 */
	private static final int BYTES_PER_SUBMIT = 128 * 1024;

	/**
	 * Of heap: some 13 KB for the client, measured with 10,000, 5 KB for the thread of
	 * its job, measured with 20,000, and half as much again to spare.
	 */
	private static final int BYTES_PER_WAIT = 27 * 1024;

	int mostSubmits() {
		return (this.submitsAtOnce > 0) ? this.submitsAtOnce : fitting(BYTES_PER_SUBMIT);
	}

	int mostWaiting() {
		return (this.waitingAtOnce > 0) ? this.waitingAtOnce : fitting(BYTES_PER_WAIT);
	}

	private static int fitting(int bytes) {
		return Math.toIntExact(Math.max(1, (Runtime.getRuntime().maxMemory() - BYTES_BEFORE) / bytes));
	}

}
