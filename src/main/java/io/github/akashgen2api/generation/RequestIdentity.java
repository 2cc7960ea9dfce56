package io.github.akashgen2api.generation;

import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for a picture, so that nobody who asks again pays for it twice.
 *
 * @param key the fingerprint of his key, for the log
 * @param requestId by which his request is found in the log
 * @param request whose request it is, and what it says: the same for the same request
 * @param idempotencyKey by which he may ask for this very picture again; {@code null}
 * where he gave none
 * @param isGone tells whether he has gone away
 * @param former the same, as a version before November 2026 kept it; {@code null} if
 * there is none
 */
public record RequestIdentity(String key, String requestId, String request, @Nullable String idempotencyKey,
		BooleanSupplier isGone, @Nullable RequestIdentity former) {

	/**
	 * The same caller, whose earlier jobs are found too.
	 */
	public RequestIdentity formerly(RequestIdentity former) {
		return new RequestIdentity(this.key, this.requestId, this.request, this.idempotencyKey, this.isGone, former);
	}

}
