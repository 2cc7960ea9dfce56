package io.github.akashgen2api.generation;

import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Identifies a request and its client, so that a repeated request does not start another
 * job.
 *
 * @param key the fingerprint of the client's key
 * @param requestId the request's id in the log
 * @param request digest of the key and the request: the same for the same request
 * @param idempotencyKey digest of the key and the {@code Idempotency-Key}; {@code null}
 * if the request has no such header
 * @param isGone whether the client has disconnected
 * @param former the same with a fingerprint of a version before November 2026;
 * {@code null} if no such job can exist
 */
public record RequestIdentity(String key, String requestId, String request, @Nullable String idempotencyKey,
		BooleanSupplier isGone, @Nullable RequestIdentity former) {

	/**
	 * The same request, which also finds jobs of an earlier version.
	 */
	public RequestIdentity formerly(RequestIdentity former) {
		return new RequestIdentity(this.key, this.requestId, this.request, this.idempotencyKey, this.isGone, former);
	}

}
