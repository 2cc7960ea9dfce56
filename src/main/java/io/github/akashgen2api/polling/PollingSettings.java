package io.github.akashgen2api.polling;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How often and how long a job is asked for.
 *
 * @param maxAttempts polls of a job at most, the first included; 1 asks once and never
 * waits
 * @param interval the pause between an answer and the next poll
 */
@Validated
@ConfigurationProperties("polling")
record PollingSettings(@Min(1) @Max(100_000) int maxAttempts, @DurationMin(millis = 1,
		message = "must be at least 1ms") @DurationMax(hours = 1, message = "must be at most 1h") Duration interval) {

}
