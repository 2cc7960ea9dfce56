package io.github.akashgen2api.jobs;

import java.nio.file.Path;
import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How jobs are kept.
 *
 * @param storeDir where they are written to
 * @param adoptWithin how long after it was asked for the same request takes it up, where
 * its client never got its answer; 0 never
 * @param replayFor how long after it was asked for the same {@code Idempotency-Key} finds
 * it
 * @param retention how long jobs are kept for their clients to look at; 0 only for as
 * long as a request can take them up
 * @param reopenAfter the pause before a file that could not be written is tried again
 * @param eraseAfter when the next cleanup erases from the disk what was removed
 * @param cleanupInterval the pause between two cleanups
 */
@Validated
@ConfigurationProperties("jobs")
record JobsProperties(Path storeDir, @DurationMin Duration adoptWithin,
		@DefaultValue("24h") @DurationMin(seconds = 1) Duration replayFor,
		@DefaultValue("7d") @DurationMin Duration retention,
		@DefaultValue("10s") @DurationMin(millis = 1) Duration reopenAfter,
		@DefaultValue("5m") @DurationMin Duration eraseAfter,
		@DefaultValue("1m") @DurationMin(millis = 1) Duration cleanupInterval) {

}
