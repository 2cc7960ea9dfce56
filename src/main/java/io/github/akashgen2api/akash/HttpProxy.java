package io.github.akashgen2api.akash;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/**
 * A proxy on the way to AkashGen.
 *
 * @param address its host, which is looked up for each connection, and port
 * @param authorization what it is shown, secret; {@code null} where it asks for nothing
 */
record HttpProxy(InetSocketAddress address, @Nullable String authorization) {

	private static final int DEFAULT_PORT = 80;

	/**
	 * Read a proxy as an operator writes it.
	 * @param text {@code http://user:password@host:port}, of which the host alone is
	 * needed; blank means none
	 * @return the proxy, {@code null} without one
	 * @throws IllegalArgumentException if it is anything else; without the value, which
	 * may hold a password
	 */
	public static @Nullable HttpProxy valueOf(String text) {
		if (text.isBlank()) {
			return null;
		}
		URI uri = uri(text.strip());
		if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getPort() > 0xFFFF
				|| !uri.getRawPath().matches("/?") || uri.getRawQuery() != null || uri.getRawFragment() != null) {
			throw refused();
		}
		String host = uri.getHost().replaceAll("[\\[\\]]", "");
		int port = (uri.getPort() >= 0) ? uri.getPort() : DEFAULT_PORT;
		return new HttpProxy(InetSocketAddress.createUnresolved(host, port), authorization(uri.getRawUserInfo()));
	}

	private static URI uri(String text) {
		try {
			return new URI(text.contains("://") ? text : "http://" + text);
		}
		catch (URISyntaxException ex) {
			// Its message holds the password.
			throw refused();
		}
	}

	private static @Nullable String authorization(@Nullable String user) {
		if (user == null) {
			return null;
		}
		// A plus sign is one here.
		String decoded = URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
		String credentials = decoded.contains(":") ? decoded : decoded + ":";
		return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
	}

	private static IllegalArgumentException refused() {
		return new IllegalArgumentException("must be a proxy such as http://user:password@proxy.example.com:3128");
	}

	@Override
	public String toString() {
		return "HttpProxy[" + this.address.getHostString() + ":" + this.address.getPort() + "]";
	}

}
