package io.github.akashgen2api.jobs;

/**
 * Why a job has no image.
 *
 * @param code as in error responses
 * @param message as in error responses
 */
public record JobError(String code, String message) {

}
