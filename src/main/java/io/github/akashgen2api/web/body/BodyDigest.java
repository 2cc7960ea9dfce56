package io.github.akashgen2api.web.body;

import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * What a request's body says, in short: the same for the same bytes.
 */
public final class BodyDigest {

	private static final String ATTRIBUTE = BodyDigest.class.getName();

	private BodyDigest() {
	}

	/**
	 * The digest of a body that was read to its end.
	 * @return the SHA-256 in hex
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

	/** The body of the current request, which is digested as it is read. */
	static InputStream taking(InputStream body) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			RequestContextHolder.currentRequestAttributes()
				.setAttribute(ATTRIBUTE, digest, RequestAttributes.SCOPE_REQUEST);
			return new DigestInputStream(body, digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

}
