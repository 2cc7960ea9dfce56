package io.github.akashgen2api.akash;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What an instance of AkashGen that is not open to all asks for, a secret.
 *
 * @param value the token as the instance's operator set it
 */
record AccessToken(String value) {

	private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

	/**
	 * Read a token as an operator writes it.
	 * @param text the token; blank means none
	 * @return the token, {@code null} without one
	 * @throws IllegalArgumentException if a header cannot carry it
	 */
	public static @Nullable AccessToken valueOf(String text) {
		if (text.isBlank()) {
			return null;
		}
		if (!VISIBLE.matcher(text.strip()).matches()) {
			throw new IllegalArgumentException("must hold visible ASCII characters, without spaces");
		}
		return new AccessToken(text.strip());
	}

	/**
	 * What is sent: the version of May 2026 wants the token itself, that of July 2025 its
	 * SHA-256 in hex.
	 */
	String bearer(Form form) {
		return "Bearer " + switch (form) {
			case PLAIN -> this.value;
			case DIGEST -> HexFormat.of().formatHex(digest());
		};
	}

	private byte[] digest() {
		try {
			return MessageDigest.getInstance("SHA-256").digest(this.value.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	@Override
	public String toString() {
		return "AccessToken[secret]";
	}

	/** How a token is sent. */
	enum Form {

		PLAIN, DIGEST;

		Form other() {
			return (this == PLAIN) ? DIGEST : PLAIN;
		}

	}

}
