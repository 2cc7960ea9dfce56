package io.github.akashgen2api.web.access;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

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
 * What the web pages of other origins may do: whatever holders of a key may. There are no
 * cookies that a page could misuse.
 */
final class CorsPolicy extends DefaultCorsProcessor implements CorsConfigurationSource {

	private static final String IMAGES = "/images";

	private final boolean isOpenToAll;

	private final CorsConfiguration calls;

	private final CorsConfiguration preflights;

	CorsPolicy(AllowedOrigins allowed) {
		this.isOpenToAll = allowed.origins().contains(CorsConfiguration.ALL);
		this.calls = new CorsConfiguration();
		this.calls.setAllowedOrigins(allowed.origins());
		// What another method is told is said where all failures are, and readable.
		this.calls.addAllowedMethod(CorsConfiguration.ALL);
		this.calls.setExposedHeaders(List.of(HttpHeaders.RETRY_AFTER, "retry-after-ms", "x-should-retry",
				"x-request-id", HttpHeaders.WWW_AUTHENTICATE));
		this.preflights = new CorsConfiguration(this.calls);
		this.preflights.setAllowedMethods(List.of("GET", "HEAD", "POST", "OPTIONS"));
		// Clients send many headers of their own, and a list would never be complete.
		this.preflights.addAllowedHeader(CorsConfiguration.ALL);
		this.preflights.setMaxAge(Duration.ofHours(2));
	}

	@Override
	public CorsConfiguration getCorsConfiguration(HttpServletRequest request) {
		return CorsUtils.isPreFlightRequest(request) ? this.preflights : this.calls;
	}

	/**
	 * Lets a call through whose origin cannot be read: no browser sends such. Where every
	 * page may read images, each answer says so: a cache on the way may hand it to a page
	 * although an {@code <img>} without an origin asked for it.
	 */
	@Override
	public boolean processRequest(@Nullable CorsConfiguration config, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		if (this.isOpenToAll && request.getHeader(HttpHeaders.ORIGIN) == null
				&& request.getServletPath().equals(IMAGES)) {
			response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, CorsConfiguration.ALL);
		}
		if (isOriginReadable(request) || CorsUtils.isPreFlightRequest(request)) {
			return super.processRequest(config, request, response);
		}
		response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
		return true;
	}

	private static boolean isOriginReadable(HttpServletRequest request) {
		try {
			CorsUtils.isCorsRequest(request);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * Refuses preflights only. A call that names an origin may come from a server, or
	 * from a page of this very host behind a proxy; from the pages of others, the browser
	 * keeps an answer without these headers.
	 */
	@Override
	protected boolean handleInternal(ServerHttpRequest request, ServerHttpResponse response, CorsConfiguration config,
			boolean preflight) throws IOException {
		boolean isAllowed = config.checkOrigin(request.getHeaders().getOrigin()) != null;
		return (!isAllowed && !preflight) || super.handleInternal(request, response, config, preflight);
	}

}
