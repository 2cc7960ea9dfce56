package io.github.akashgen2api.akash;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.protocol.RedirectStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Follows a redirect from one place of AkashGen's API to another with method, body, query
 * and cookie kept: the version of July 2025 has one form of each path, with or without
 * its last slash, and answers 308 for the other. Any other redirect is left for the
 * reader of the answer, so that no host but AkashGen's is ever contacted.
 */
final class SameOriginRedirects implements RedirectStrategy {

	private static final int MAX_HOPS = 3;

	private static final int MAX_LOCATION = 2000;

	private static final Pattern API_PATH = Pattern.compile("/api(?:/(?!\\.)[A-Za-z0-9._-]+)+/?");

	private final BaseUrl base;

	SameOriginRedirects(BaseUrl base) {
		this.base = base;
	}

	@Override
	public boolean isRedirected(HttpRequest request, HttpResponse response, HttpContext context) throws HttpException {
		return (response.getCode() == 307 || response.getCode() == 308)
				&& HttpClientContext.cast(context).getRedirectLocations().size() < MAX_HOPS
				&& target(request, response).isPresent();
	}

	@Override
	public URI getLocationURI(HttpRequest request, HttpResponse response, HttpContext context) throws HttpException {
		return target(request, response).orElseThrow(() -> new ProtocolException("Redirects elsewhere"));
	}

	private Optional<URI> target(HttpRequest request, HttpResponse response) throws HttpException {
		URI from = uri(request);
		return location(response.getFirstHeader(HttpHeaders.LOCATION)).map(from::resolve)
			.filter(this.base::isOriginOf)
			.filter(this::isApi)
			.map((target) -> from.resolve(target.getRawPath() + query(from)));
	}

	private static URI uri(HttpRequest request) throws HttpException {
		try {
			return request.getUri();
		}
		catch (URISyntaxException ex) {
			throw new ProtocolException(ex.getMessage(), ex);
		}
	}

	private static String query(URI uri) {
		return (uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "";
	}

	private static Optional<URI> location(@Nullable Header header) {
		try {
			return Optional.ofNullable(header)
				.map(Header::getValue)
				.filter((text) -> text.length() <= MAX_LOCATION)
				.map(URI::create);
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

	private boolean isApi(URI target) {
		String prefix = this.base.uri().getRawPath();
		return target.getRawPath().startsWith(prefix)
				&& API_PATH.matcher(target.getRawPath().substring(prefix.length())).matches();
	}

}
