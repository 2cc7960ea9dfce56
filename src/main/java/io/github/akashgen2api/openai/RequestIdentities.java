package io.github.akashgen2api.openai;

import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

import io.github.akashgen2api.jobs.RequestIdentity;
import io.github.akashgen2api.web.Sha256;
import io.github.akashgen2api.web.body.BodyDigest;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Identifies requests and their clients.
 */
final class RequestIdentities {

	static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	/**
	 * Attribute with the key's fingerprint of an earlier version, set in
	 * {@code web.access}.
	 */
	private static final String FORMER_FINGERPRINT = "io.github.akashgen2api.former-fingerprint";

	private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

	private RequestIdentities() {
	}

	/**
	 * Identify a request whose body was read.
	 * @param index the index of the image among those of the request
	 * @throws InvalidRequestException if the {@code Idempotency-Key} is invalid
	 */
	static RequestIdentity of(HttpServletRequest request, int index) {
		String fingerprint = Objects.requireNonNullElse(request.getRemoteUser(), "");
		RequestIdentity identity = identity(fingerprint, request, index);
		return (request.getAttribute(FORMER_FINGERPRINT) instanceof String former)
				? identity.withFormer(identity(former, request, index)) : identity;
	}

	private static RequestIdentity identity(String fingerprint, HttpServletRequest request, int index) {
		String key = idempotencyKey(request);
		return new RequestIdentity(fingerprint, request.getRequestId(),
				digest(fingerprint, request.getServletPath(), BodyDigest.of(request)),
				(key != null) ? digest(fingerprint, key, String.valueOf(index)) : null, null);
	}

	private static @Nullable String idempotencyKey(HttpServletRequest request) {
		String key = request.getHeader(IDEMPOTENCY_KEY);
		if (key != null && !KEY.matcher(key).matches()) {
			throw new InvalidRequestException(IDEMPOTENCY_KEY, "must be 1 to 255 visible ASCII characters");
		}
		return key;
	}

	/** No part contains a line feed. */
	private static String digest(String... parts) {
		return HexFormat.of().formatHex(Sha256.of(String.join("\n", parts)));
	}

}
