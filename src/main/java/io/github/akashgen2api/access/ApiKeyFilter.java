package io.github.akashgen2api.access;

import java.io.IOException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Lets through those who hold a key (RFC 6750 section 2.1). What the others are told is
 * decided where all failures are.
 */
final class ApiKeyFilter extends OncePerRequestFilter {

	private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

	private final ApiKeys keys;

	private final HandlerExceptionResolver refusals;

	ApiKeyFilter(ApiKeys keys, HandlerExceptionResolver refusals) {
		this.keys = keys;
		this.refusals = refusals;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Matcher bearer = BEARER.matcher(Objects.requireNonNullElse(request.getHeader(HttpHeaders.AUTHORIZATION), ""));
		if (!bearer.matches()) {
			refuse(request, response, "Missing authentication token");
		}
		else if (!this.keys.contain(bearer.group(1))) {
			refuse(request, response, "Invalid authentication token");
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private void refuse(HttpServletRequest request, HttpServletResponse response, String message) {
		this.refusals.resolveException(request, response, null, new UnauthorizedException(message));
	}

}
