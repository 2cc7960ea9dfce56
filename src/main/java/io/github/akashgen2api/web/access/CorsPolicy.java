package io.github.akashgen2api.web.access;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;

/**
 * The CORS policy. Web pages of allowed origins may send every request, as they need a
 * key for it. There are no cookies that a page could misuse.
 */
final class CorsPolicy extends DefaultCorsProcessor implements CorsConfigurationSource {

	private static final Pattern IMAGES = Pattern.compile("/images(?:/|$)");

	private final boolean isOpenToAll;

	private final CorsConfiguration requests;

	private final CorsConfiguration preflights;

	CorsPolicy(AllowedOrigins allowed) {
		this.isOpenToAll = allowed.origins().contains(CorsConfiguration.ALL);
		this.requests = new CorsConfiguration();
		this.requests.setAllowedOrigins(allowed.origins());
		// The exception handler refuses other methods, and pages may read its answer.
		this.requests.addAllowedMethod(CorsConfiguration.ALL);
		this.requests.setExposedHeaders(List.of(HttpHeaders.RETRY_AFTER, "retry-after-ms", "x-should-retry",
				"x-request-id", HttpHeaders.WWW_AUTHENTICATE, HttpHeaders.LOCATION, "X-Job-Id", "Preference-Applied"));
		this.preflights = new CorsConfiguration(this.requests);
		this.preflights.setAllowedMethods(List.of("GET", "HEAD", "POST", "DELETE", "OPTIONS"));
		// Each client sends its own headers, so that a list would never be complete.
		this.preflights.addAllowedHeader(CorsConfiguration.ALL);
		this.preflights.setMaxAge(Duration.ofHours(2));
	}

	@Override
	public CorsConfiguration getCorsConfiguration(HttpServletRequest request) {
		return CorsUtils.isPreFlightRequest(request) ? this.preflights : this.requests;
	}

	/**
	 * Admits a request with an invalid origin, as it does not come from a browser. If all
	 * origins are allowed, each image is marked as readable, even for a request without
	 * an origin. A cache may send an image that an {@code <img>} requested to a script.
	 */
	@Override
	public boolean processRequest(@Nullable CorsConfiguration config, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		if (this.isOpenToAll && request.getHeader(HttpHeaders.ORIGIN) == null
				&& IMAGES.matcher(request.getServletPath()).lookingAt()) {
			response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, CorsConfiguration.ALL);
		}
		if (isOriginValid(request) || CorsUtils.isPreFlightRequest(request)) {
			return super.processRequest(config, request, response);
		}
		response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
		return true;
	}

	private static boolean isOriginValid(HttpServletRequest request) {
		try {
			CorsUtils.isCorsRequest(request);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * Refuses only preflights. Another request with an origin may come from a server, or
	 * from a page of this host behind a proxy. A browser does not show an answer without
	 * CORS headers to a page of another origin.
	 */
	@Override
	protected boolean handleInternal(ServerHttpRequest request, ServerHttpResponse response, CorsConfiguration config,
			boolean preflight) throws IOException {
		boolean isAllowed = config.checkOrigin(request.getHeaders().getOrigin()) != null;
		return (!isAllowed && !preflight) || super.handleInternal(request, response, config, preflight);
	}

}
