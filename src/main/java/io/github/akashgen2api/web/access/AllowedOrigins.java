package io.github.akashgen2api.web.access;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The origins whose web pages may call the API.
 *
 * @param origins origins such as {@code https://chat.example.com}, or only {@code *}
 */
record AllowedOrigins(List<String> origins) {

	private static final String ANY = "*";

	/** Any scheme, as desktop apps and browser extensions have their own. */
	private static final Pattern ORIGIN = Pattern
		.compile("[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);

	AllowedOrigins {
		origins = List.copyOf(origins);
	}

	/**
	 * Parse the setting.
	 * @param text {@code *}, or origins separated by commas; blank for {@code *}
	 * @throws IllegalArgumentException if the text is neither
	 */
	public static AllowedOrigins valueOf(String text) {
		if (text.isBlank() || text.strip().equals(ANY)) {
			return new AllowedOrigins(List.of(ANY));
		}
		List<String> origins = Arrays.stream(text.split(","))
			.map((origin) -> origin.strip().replaceFirst("/$", ""))
			.filter((origin) -> !origin.isEmpty())
			.toList();
		if (origins.isEmpty() || !origins.stream().allMatch((origin) -> ORIGIN.matcher(origin).matches())) {
			throw new IllegalArgumentException(
					"must be *, or origins such as https://chat.example.com, separated by commas");
		}
		return new AllowedOrigins(origins);
	}

}
