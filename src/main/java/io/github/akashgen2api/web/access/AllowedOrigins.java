package io.github.akashgen2api.web.access;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The origins whose web pages may call.
 *
 * @param origins as browsers send them, {@code https://chat.example.com}; or {@code *}
 * alone
 */
record AllowedOrigins(List<String> origins) {

	private static final String ANY = "*";

	/** The pages of desktop apps and browser extensions have schemes of their own. */
	private static final Pattern ORIGIN = Pattern
		.compile("[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);

	AllowedOrigins {
		origins = List.copyOf(origins);
	}

	/**
	 * Read origins as an operator writes them.
	 * @param text {@code *}, or origins with commas between them; blank means {@code *}
	 * @throws IllegalArgumentException if it is anything else
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
					"must be *, or origins such as https://chat.example.com with commas between them");
		}
		return new AllowedOrigins(origins);
	}

}
