package io.github.akashgen2api.polling;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often and how long a job is asked for.
 *
 * @param maxAttempts looks at a job that a caller waits for at most, the first included;
 * 1 looks once and never waits
 * @param interval from one poll of a job to the next
 * @param batchSize jobs that are asked for in one request at most; 1 asks for each alone
 * @param batchWindow the least time between two requests that are not full: what is asked
 * meanwhile goes together
 * @param batchPause how long each job is asked for alone after AkashGen has refused to
 * tell of many
 * @param lookupsPerSecond how many jobs that are not followed AkashGen is asked about in
 * a second at most, and at the same time, for those who hold no key
 * @param waitsAtOnce how many of these may wait for a job at the same time
 * @param followFor how long a job is polled after the last client has left; 0 not at all
 * @param followedAtOnce how many jobs are polled at most before those that nobody waits
 * for are polled no longer; 0: as many as memory permits
 */
@Validated
@ConfigurationProperties("polling")
record PollingProperties(@Min(1) @Max(100_000) int maxAttempts,
		@DurationMin(millis = 1, message = "must be at least 1ms") @DurationMax(hours = 1,
				message = "must be at most 1h") Duration interval,
		@DefaultValue("50") @Min(1) @Max(100) int batchSize, @DefaultValue("10ms") @DurationMin Duration batchWindow,
		@DefaultValue("1m") @DurationMin(millis = 1) Duration batchPause,
		@DefaultValue("20") @Min(1) @Max(100_000) int lookupsPerSecond,
		@DefaultValue("200") @Min(1) @Max(100_000) int waitsAtOnce,
		@DurationMin(message = "must not be negative") @DurationMax(hours = 24,
				message = "must be at most 24h") Duration followFor,
		@DefaultValue("0") @Min(0) @Max(1_000_000) int followedAtOnce) {

	/**
	 * Of heap: 5 KB for a thread that sleeps and AkashGen's last answer, measured with
	 * 20,000, and room for the job with its prompt.
	 */
	private static final int BYTES_PER_JOB = 16 * 1024;

	/** A quarter of the heap, unless it is set. */
	int mostFollowed() {
		return (this.followedAtOnce > 0) ? this.followedAtOnce
				: Math.toIntExact(Runtime.getRuntime().maxMemory() / 4 / BYTES_PER_JOB);
	}

}
