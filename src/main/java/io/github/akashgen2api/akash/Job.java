package io.github.akashgen2api.akash;

/**
 * An image that AkashGen has queued.
 *
 * @param id names the job when asking for its status
 * @param prompt what AkashGen will paint; its language model rewrites the caller's words.
 * Empty where the answer broke off before its end
 * @param negativePrompt what AkashGen will avoid, in its own words; often empty
 */
public record Job(JobId id, String prompt, String negativePrompt) {
}
