package io.github.akashgen2api.jobs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Where a job stands at one moment.
 *
 * @param completed when the job ended; {@code null} if it has not, or if that is not
 * known
 * @param error why there is no image; {@code null} if there is one, or the job has not
 * ended
 */
public record JobSnapshot(ImageJob.State state, @Nullable Instant completed, @Nullable JobError error) {
}
