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
 */
public record Caller(String key, String requestId, String request, @Nullable String idempotencyKey,
		BooleanSupplier isGone) {

}
