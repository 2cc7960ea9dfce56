package io.github.akashgen2api.akash;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * An address to which paths are appended: absolute, {@code http} or {@code https}.
 *
 * @param uri scheme, host, port and path; neither user, query nor fragment, and no slash
 * at its end
 */
public record BaseUrl(URI uri) {

	/**
	 * Read an address as an operator writes it, with or without a slash at its end.
	 * @param text the address; blank means none
	 * @return the address, {@code null} without one
	 * @throws IllegalArgumentException if it is anything else than an absolute
	 * {@code http} or {@code https} address
	 */
	public static @Nullable BaseUrl valueOf(String text) {
		if (text.isBlank()) {
			return null;
		}
		try {
			// Normalising may leave a slash at the end.
			URI uri = new URI(new URI(text.strip()).normalize().toString().replaceFirst("/+$", ""));
			if (!isAbsoluteHttp(uri)) {
				throw new IllegalArgumentException("must be an absolute http or https address");
			}
			if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
				throw new IllegalArgumentException("must have neither user, query nor fragment");
			}
			return new BaseUrl(uri);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("must be an absolute http or https address: " + ex.getReason());
		}
	}

	private static boolean isAbsoluteHttp(URI uri) {
		return uri.getScheme() != null && uri.getScheme().toLowerCase(Locale.ROOT).matches("https?")
				&& uri.getHost() != null && uri.getPort() <= 0xFFFF;
	}

	/**
	 * Whether an address is of the same scheme, host and port as this one.
	 */
	boolean isOriginOf(URI other) {
		return this.uri.getScheme().equalsIgnoreCase(other.getScheme())
				&& this.uri.getHost().equalsIgnoreCase(other.getHost()) && port(this.uri) == port(other)
				&& other.getRawUserInfo() == null;
	}

	/** The port that is meant, also where none is named. */
	static int port(URI uri) {
		if (uri.getPort() >= 0) {
			return uri.getPort();
		}
		return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
	}

	@Override
	public String toString() {
		return this.uri.toString();
	}

}
