package io.github.akashgen2api.akash;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Cookies that an operator wants sent along with every request, such as the
 * {@code cf_clearance} that a challenge is answered with. Secret.
 *
 * @param header the cookies as a {@code Cookie} header has them
 */
record ExtraCookies(String header) {

	/** More liberal than RFC 6265 about values, as browsers are. */
	private static final Pattern COOKIE = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+)=[\\x21-\\x3a\\x3c-\\x7e]*");

	private static final String EXPECTED = "must be cookies such as name=value; other=value";

	/**
	 * Read cookies as an operator writes them, or copies them from a browser.
	 * @param text the cookies, separated by semicolons; blank means that there are none
	 * @return the cookies, or {@code null} where there are none
	 * @throws IllegalArgumentException if a header cannot carry them, or one is
	 * AkashGen's session
	 */
	public static @Nullable ExtraCookies valueOf(String text) {
		if (text.isBlank()) {
			return null;
		}
		List<String> cookies = Arrays.stream(text.split(";"))
			.map(String::strip)
			.filter((cookie) -> !cookie.isEmpty())
			.toList();
		if (cookies.isEmpty() || !cookies.stream().allMatch((cookie) -> COOKIE.matcher(cookie).matches())) {
			throw new IllegalArgumentException(EXPECTED);
		}
		if (cookies.stream().anyMatch((cookie) -> cookie.startsWith(Session.COOKIE + "="))) {
			throw new IllegalArgumentException(
					EXPECTED + ", but not " + Session.COOKIE + ", for which there is SESSION_TOKEN");
		}
		return new ExtraCookies(cookies.stream().collect(Collectors.joining("; ")));
	}

	@Override
	public String toString() {
		return "ExtraCookies[secret]";
	}

}
