package io.github.akashgen2api.openai;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

import io.github.akashgen2api.generation.RequestIdentity;
import io.github.akashgen2api.web.body.BodyDigest;
import io.github.akashgen2api.web.server.ClientConnection;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers again, and their requests.
 */
final class RequestIdentities {

	static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	/** The attribute by which {@code access} tells how a version before named a key. */
	private static final String FORMER_FINGERPRINT = "io.github.akashgen2api.former-fingerprint";

	private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

	private RequestIdentities() {
	}

	/**
	 * Who asks, and for what.
	 * @param index which of several pictures it is that one request asks for
	 * @throws InvalidRequestException if the {@code Idempotency-Key} is none
	 */
	static RequestIdentity of(HttpServletRequest request, int index) {
		String user = Objects.requireNonNullElse(request.getRemoteUser(), "");
		RequestIdentity caller = caller(user, request, index);
		return (request.getAttribute(FORMER_FINGERPRINT) instanceof String former)
				? caller.formerly(caller(former, request, index)) : caller;
	}

	private static RequestIdentity caller(String user, HttpServletRequest request, int index) {
		String key = idempotencyKey(request);
		return new RequestIdentity(user, request.getRequestId(),
				digest(user, request.getServletPath(), BodyDigest.of(request)),
				(key != null) ? digest(user, key, String.valueOf(index)) : null, ClientConnection.of(request), null);
	}

	private static @Nullable String idempotencyKey(HttpServletRequest request) {
		String key = request.getHeader(IDEMPOTENCY_KEY);
		if (key != null && !KEY.matcher(key).matches()) {
			throw new InvalidRequestException(IDEMPOTENCY_KEY, "must be 1 to 255 visible ASCII characters");
		}
		return key;
	}

	/** No part has a line end in it. */
	private static String digest(String... parts) {
		try {
			byte[] text = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

}
