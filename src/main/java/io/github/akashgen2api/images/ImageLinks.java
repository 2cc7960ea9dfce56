package io.github.akashgen2api.images;

import java.net.InetAddress;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.akashgen2api.akash.BaseUrl;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.PictureFormat;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.ForwardedHeaderUtils;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Links to pictures, as the caller's browser can reach them.
 */
@Component
public class ImageLinks {

	/**
	 * The headers that are heeded, and what each may hold, alone or at the beginning of a
	 * list. Spring takes any scheme, host and port, and fails for a list of nothing.
	 */
	private static final Map<String, Pattern> FORWARDED = Map.of("X-Forwarded-Proto", list("https?"),
			"X-Forwarded-Host", list("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[1-9]\\d{0,4})?"), "X-Forwarded-Port",
			list("[1-9]\\d{0,4}"));

	/** Where our own reverse proxy may be; anybody else could claim any host. */
	private static final InetAddressFilter PROXIES = InetAddressFilter.internalAddresses();

	private final @Nullable BaseUrl publicBaseUrl;

	ImageLinks(ImagesSettings settings) {
		this.publicBaseUrl = settings.publicBaseUrl();
	}

	/**
	 * The absolute address of a job's picture.
	 * @param request whose caller will open it; its {@code X-Forwarded-} headers are
	 * heeded where the peer is on this machine or in a private network
	 */
	public String linkTo(JobId id, HttpServletRequest request) {
		return base(request).path("/images").replaceQueryParam("id", id.value()).toUriString();
	}

	/**
	 * The absolute address of a job's picture in a format.
	 * @param request whose caller will open it, as above
	 */
	public String linkTo(JobId id, PictureFormat format, HttpServletRequest request) {
		return linkTo(id, request) + "&format=" + format.subtype();
	}

	private UriComponentsBuilder base(HttpServletRequest request) {
		if (this.publicBaseUrl != null) {
			return UriComponentsBuilder.fromUri(this.publicBaseUrl.uri());
		}
		URI direct = direct(request);
		try {
			UriComponentsBuilder forwarded = ForwardedHeaderUtils.adaptFromForwardedHeaders(direct,
					forwardedHeaders(request));
			if (forwarded.build().getPort() <= 0xFFFF) {
				return forwarded;
			}
		}
		catch (IllegalArgumentException ex) {
			// Headers that make no address are as good as none.
		}
		return UriComponentsBuilder.fromUri(direct);
	}

	private static URI direct(HttpServletRequest request) {
		UriComponentsBuilder direct = ServletUriComponentsBuilder.fromContextPath(request);
		try {
			return direct.build().toUri();
		}
		catch (IllegalStateException ex) {
			// The Host header holds what no address can.
			return direct.host("localhost").port(request.getLocalPort()).build().toUri();
		}
	}

	private static HttpHeaders forwardedHeaders(HttpServletRequest request) {
		HttpHeaders headers = new HttpHeaders();
		if (isProxy(request.getRemoteAddr())) {
			FORWARDED.forEach((name, pattern) -> {
				@Nullable String value = request.getHeader(name);
				if (value != null && pattern.matcher(value).matches()) {
					headers.add(name, value);
				}
			});
		}
		return headers;
	}

	private static Pattern list(String first) {
		return Pattern.compile("\\s*" + first + "\\s*(?:,.*)?");
	}

	private static boolean isProxy(String address) {
		try {
			return PROXIES.matches(InetAddress.ofLiteral(address));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
