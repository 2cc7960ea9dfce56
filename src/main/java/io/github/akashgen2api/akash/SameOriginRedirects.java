package io.github.akashgen2api.akash;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.support.HttpRequestWrapper;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Follows a redirect from one place of AkashGen's API to another with method, body, query
 * and cookie kept: the version of July 2025 has one form of each path, with or without
 * its last slash, and answers 308 for the other. Any other redirect is left for the
 * reader of the answer, so that no host but AkashGen's is ever contacted.
 */
final class SameOriginRedirects implements ClientHttpRequestInterceptor {

	private static final int MAX_HOPS = 3;

	private static final int MAX_LOCATION = 2000;

	private static final Pattern API_PATH = Pattern.compile("/api(?:/(?!\\.)[A-Za-z0-9._-]+)+/?");

	private final BaseUrl base;

	SameOriginRedirects(BaseUrl base) {
		this.base = base;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		HttpRequest current = request;
		ClientHttpResponse response = execution.execute(current, body);
		for (int hop = 0; hop < MAX_HOPS; hop++) {
			Optional<URI> target = target(current, response);
			if (target.isEmpty()) {
				break;
			}
			response.close();
			current = new Redirected(request, target.get());
			response = execution.execute(current, body);
		}
		return response;
	}

	private Optional<URI> target(HttpRequest request, ClientHttpResponse response) throws IOException {
		HttpStatusCode status = response.getStatusCode();
		if (status.value() != 307 && status.value() != 308) {
			return Optional.empty();
		}
		return location(response.getHeaders().getFirst("Location")).map(request.getURI()::resolve)
			.filter(this.base::isOriginOf)
			.filter(this::isApi)
			.map((target) -> UriComponentsBuilder.fromUri(request.getURI())
				.replacePath(target.getRawPath())
				.build(true)
				.toUri());
	}

	private static Optional<URI> location(@Nullable String header) {
		try {
			return Optional.ofNullable(header).filter((text) -> text.length() <= MAX_LOCATION).map(URI::create);
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

	private static final class Redirected extends HttpRequestWrapper {

		private final URI uri;

		Redirected(HttpRequest request, URI uri) {
			super(request);
			this.uri = uri;
		}

		@Override
		public URI getURI() {
			return this.uri;
		}

	}

}
