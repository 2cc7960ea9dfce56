package io.github.akashgen2api.jobs;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How long the steps of a job took.
 *
 * @param submit from the request until AkashGen named the job
 * @param queue from then until the image was painted, without the painting
 * @param paint the painting, as far as AkashGen tells
 * @param delivery from the end of the painting until now
 * @param attempts how often AkashGen was asked
 */
public record JobTimings(Duration submit, Duration queue, Duration paint, Duration delivery, int attempts) {

	static JobTimings of(Instant since, @Nullable Instant submitted, @Nullable Instant ended, Instant now,
			Duration painting, int attempts) {
		Instant submit = (submitted != null) ? submitted : now;
		Instant end = (ended != null) ? ended : now;
		Duration waited = Duration.between(submit, end);
		Duration paint = (painting.compareTo(waited) < 0) ? painting : waited;
		return new JobTimings(Duration.between(since, submit), waited.minus(paint), paint, Duration.between(end, now),
				attempts);
	}

}
