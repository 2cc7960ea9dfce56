package io.github.akashgen2api.jobs;

import org.jspecify.annotations.Nullable;

/**
 * Identifies a request, so that a repeated request does not start another job.
 *
 * @param key the fingerprint of the client's key
 * @param requestId the request's id in the log
 * @param digest digest of the key and the request: the same for the same request
 * @param idempotencyKey digest of the key and the {@code Idempotency-Key}; {@code null}
 * if the request has no such header
 * @param former the same with a fingerprint of a version before November 2026;
 * {@code null} if no such job can exist
 */
public record RequestIdentity(String key, String requestId, String digest, @Nullable String idempotencyKey,
		@Nullable RequestIdentity former) {

	/**
	 * The same request, which also finds jobs of an earlier version.
	 */
	public RequestIdentity withFormer(RequestIdentity former) {
		return new RequestIdentity(this.key, this.requestId, this.digest, this.idempotencyKey, former);
	}

}
