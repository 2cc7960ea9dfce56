package io.github.akashgen2api.akash;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The value of AkashGen's session cookie, a secret. 64 hex digits in practice, but
 * {@code validated} and others are possible: any cookie value of RFC 6265 section 4.1.1
 * is one.
 *
 * @param value the cookie's value
 */
record SessionToken(String value) {

	private static final Pattern COOKIE_VALUE = Pattern.compile("[!#-+\\--:<-\\[\\]-~]+|\"[!#-+\\--:<-\\[\\]-~]+\"");

	SessionToken {
		if (!COOKIE_VALUE.matcher(value).matches()) {
			throw new IllegalArgumentException("holds characters that a cookie cannot carry");
		}
	}

	/**
	 * Read a token as an operator writes it.
	 * @param text the token; blank means none
	 * @return the token, {@code null} without one
	 * @throws IllegalArgumentException if a cookie cannot carry it
	 */
	public static @Nullable SessionToken valueOf(String text) {
		return text.isBlank() ? null : new SessionToken(text.strip());
	}

	@Override
	public String toString() {
		return "SessionToken[secret]";
	}

}
