package io.github.akashgen2api.images;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.http.HttpHeaders;

/**
 * The scheme, host and port under which a client reached this service through reverse
 * proxies. Each value is used only if it matches a pattern, so that nothing else gets
 * into a link.
 */
final class PublicOrigin {

	/** Host names of Compose may contain underscores, those of the DNS may not. */
	private static final Pattern AUTHORITY = Pattern
		.compile("([A-Za-z0-9_][A-Za-z0-9._-]{0,252}|\\[(?=[^]]*:[^]]*:)[0-9A-Fa-f:.]{2,45}])(?::([1-9][0-9]{0,4}))?");

	private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

	/** Traefik and HAProxy forward the scheme of a WebSocket as such. */
	private static final Pattern SCHEME = Pattern.compile("http|ws|(https|wss)", Pattern.CASE_INSENSITIVE);

	/** Added by Cloudflare, and replaced by no proxy behind it. */
	private static final Pattern CLOUDFLARE_TLS = Pattern.compile("\\{\\s*\"scheme\"\\s*:\\s*\"https\"\\s*}");

	/**
	 * Reverse proxies are in private networks, Tailscale's (RFC 6598) among them; any
	 * other peer could claim any host.
	 */
	private static final InetAddressFilter PROXIES = InetAddressFilter.internalAddresses().or("100.64.0.0/10");

	private final HttpServletRequest request;

	private final boolean isProxied;

	private PublicOrigin(HttpServletRequest request) {
		this.request = request;
		this.isProxied = isProxy(request.getRemoteAddr());
	}

	/**
	 * The origin, such as {@code https://images.example.org:8443}, without a default
	 * port. Forwarding headers count if the peer is on this machine or in a private
	 * network. Of a list, the first value counts: that of the outermost proxy.
	 */
	static String of(HttpServletRequest request) {
		return new PublicOrigin(request).origin();
	}

	private String origin() {
		Integer forwardedPort = port(forwarded("X-Forwarded-Port"));
		boolean isTls = isTls(forwardedPort);
		Authority authority = authority();
		Integer port = (authority.port() != null) ? authority.port() : beyondDefault(forwardedPort);
		boolean isDefault = port == null || port == 80 || (isTls && port == 443);
		return (isTls ? "https://" : "http://") + authority.host() + (isDefault ? "" : ":" + port);
	}

	private boolean isTls(@Nullable Integer forwardedPort) {
		Boolean forwarded = isTls(forwarded("X-Forwarded-Proto"));
		if (forwarded == null) {
			forwarded = isTls(rfc7239("proto"));
		}
		if (this.isProxied && CLOUDFLARE_TLS.matcher(orEmpty(this.request.getHeader("CF-Visitor"))).matches()) {
			return true;
		}
		if (forwarded != null) {
			return forwarded;
		}
		return this.request.isSecure() || (forwardedPort != null && forwardedPort == 443);
	}

	private static @Nullable Boolean isTls(@Nullable String scheme) {
		Matcher matcher = SCHEME.matcher(orEmpty(scheme));
		return matcher.matches() ? Boolean.valueOf(matcher.group(1) != null) : null;
	}

	/**
	 * The port belongs to the requested host name, or is a default. The header for ports
	 * names a proxy's own socket, and only completes a name without a port.
	 */
	private static @Nullable Integer beyondDefault(@Nullable Integer forwardedPort) {
		return (forwardedPort == null || forwardedPort == 80 || forwardedPort == 443) ? null : forwardedPort;
	}

	private Authority authority() {
		Authority authority = Authority.of(forwarded("X-Forwarded-Host"));
		if (authority == null) {
			authority = Authority.of(rfc7239("host"));
		}
		if (authority == null) {
			authority = Authority.of(this.request.getHeader(HttpHeaders.HOST));
		}
		if (authority == null) {
			authority = Authority.of(this.request.getServerName() + ":" + this.request.getServerPort());
		}
		return (authority != null) ? authority : new Authority("localhost", this.request.getLocalPort());
	}

	private @Nullable String forwarded(String name) {
		return this.isProxied ? firstOf(this.request.getHeader(name)) : null;
	}

	/** A parameter of the first element of RFC 7239's header. */
	private @Nullable String rfc7239(String parameter) {
		String element = forwarded("Forwarded");
		for (String pair : orEmpty(element).split(";", -1)) {
			int equals = pair.indexOf('=');
			if (equals > 0 && pair.substring(0, equals).strip().toLowerCase(Locale.ROOT).equals(parameter)) {
				return pair.substring(equals + 1).strip().replaceFirst("^\"(.*)\"$", "$1");
			}
		}
		return null;
	}

	private static @Nullable String firstOf(@Nullable String list) {
		return (list != null) ? list.split(",", 2)[0].strip() : null;
	}

	private static @Nullable Integer port(@Nullable String text) {
		if (text == null || !PORT.matcher(text).matches()) {
			return null;
		}
		int port = Integer.parseInt(text);
		return (port <= 0xFFFF) ? port : null;
	}

	private static String orEmpty(@Nullable String text) {
		return (text != null) ? text : "";
	}

	/** Jetty writes IPv6 addresses in brackets, and those of a link with their zone. */
	private static boolean isProxy(@Nullable String peer) {
		try {
			return PROXIES
				.matches(InetAddress.ofLiteral(orEmpty(peer).replaceFirst("^\\[(.*)]$", "$1").replaceFirst("%.*", "")));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private record Authority(String host, @Nullable Integer port) {

		static @Nullable Authority of(@Nullable String text) {
			Matcher matcher = AUTHORITY.matcher(orEmpty(text));
			if (!matcher.matches()) {
				return null;
			}
			Integer port = PublicOrigin.port(matcher.group(2));
			return (port == null && matcher.group(2) != null) ? null : new Authority(matcher.group(1), port);
		}

	}

}
