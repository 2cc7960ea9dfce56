package io.github.akashgen2api.web.body;

import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

import io.github.akashgen2api.web.Sha256;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * The SHA-256 of a request's body, computed while the body is read. Of a form, it is that
 * of its fields, as the boundary differs when a request is repeated.
 */
public final class BodyDigest {

	private static final String ATTRIBUTE = BodyDigest.class.getName();

	private BodyDigest() {
	}

	/**
	 * The digest of a body that was read to its end.
	 * @return 64 hex digits
	 */
	public static String of(HttpServletRequest request) {
		MessageDigest digest = (MessageDigest) request.getAttribute(ATTRIBUTE);
		return HexFormat.of().formatHex(copy(digest).digest());
	}

	private static MessageDigest copy(MessageDigest digest) {
		try {
			return (MessageDigest) digest.clone();
		}
		catch (CloneNotSupportedException ex) {
			throw new IllegalStateException("The JDK's SHA-256 can be copied", ex);
		}
	}

	/** Digest the body of the current request as it is read. */
	static InputStream digesting(InputStream body) {
		return new DigestInputStream(body, begin());
	}

	/** The digest of the current request, of what its reader passes on to it. */
	static MessageDigest begin() {
		MessageDigest digest = Sha256.newDigest();
		RequestContextHolder.currentRequestAttributes()
			.setAttribute(ATTRIBUTE, digest, RequestAttributes.SCOPE_REQUEST);
		return digest;
	}

}
