package io.github.akashgen2api.jobs;

/**
 * An {@code Idempotency-Key} came with another request before.
 */
public final class IdempotencyKeyReusedException extends RuntimeException {

	IdempotencyKeyReusedException() {
		super("came with another request before");
	}

}
