package io.github.akashgen2api.settings;

import java.util.regex.Pattern;

/**
 * The prefix of all routes.
 *
 * @param contextPath the prefix as servlet containers take it: with a slash at its
 * beginning and none at its end; empty for none
 */
record Prefix(String contextPath) {

	private static final Pattern CONTEXT_PATH = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*");

	/**
	 * Read a prefix as an operator writes it: {@code akash}, {@code /akash} and
	 * {@code /akash/} mean the same, and so do {@code /} and nothing.
	 * @throws IllegalArgumentException if it is no plain path
	 */
	public static Prefix valueOf(String text) {
		String inner = text.strip().replaceFirst("^/", "").replaceFirst("/$", "");
		String contextPath = inner.isEmpty() ? "" : "/" + inner;
		if (!CONTEXT_PATH.matcher(contextPath).matches()) {
			throw new IllegalArgumentException(
					"must be a path of letters, digits, '.', '_', '~' and '-' with single slashes between them");
		}
		return new Prefix(contextPath);
	}

}
