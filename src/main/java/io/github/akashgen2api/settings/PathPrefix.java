package io.github.akashgen2api.settings;

import java.util.regex.Pattern;

/**
 * The prefix of all routes.
 *
 * @param contextPath the prefix as servlet containers take it: with a leading slash and
 * without a trailing one; empty if there is no prefix
 */
record PathPrefix(String contextPath) {

	private static final Pattern CONTEXT_PATH = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*");

	/**
	 * Read a prefix. {@code akash}, {@code /akash} and {@code /akash/} mean the same; so
	 * do {@code /} and blank.
	 * @throws IllegalArgumentException if it is not a plain path
	 */
	public static PathPrefix valueOf(String text) {
		String inner = text.strip().replaceFirst("^/", "").replaceFirst("/$", "");
		String contextPath = inner.isEmpty() ? "" : "/" + inner;
		if (!CONTEXT_PATH.matcher(contextPath).matches()) {
			throw new IllegalArgumentException(
					"must be a path of letters, digits, '.', '_', '~' and '-' with single slashes between them");
		}
		return new PathPrefix(contextPath);
	}

}
