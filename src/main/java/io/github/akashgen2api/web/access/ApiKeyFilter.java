package io.github.akashgen2api.web.access;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.akashgen2api.web.body.BodyDrainHandler;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Admits requests with a valid key, sent as RFC 6750 section 2.1 says, or in the header
 * of Azure's or Anthropic's clients. The exception handler renders all refusals.
 */
final class ApiKeyFilter extends OncePerRequestFilter {

	/**
	 * Attribute with the key's fingerprint of an earlier version, read in {@code openai}.
	 */
	private static final String FORMER_FINGERPRINT = "io.github.akashgen2api.former-fingerprint";

	private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

	private final ApiKeys keys;

	private final KeyFingerprints fingerprints;

	private final @Nullable KeyRateLimiter rateLimiter;

	private final HandlerExceptionResolver exceptions;

	/**
	 * Create a filter.
	 * @param rateLimiter {@code null} for no limit
	 */
	ApiKeyFilter(ApiKeys keys, KeyFingerprints fingerprints, @Nullable KeyRateLimiter rateLimiter,
			HandlerExceptionResolver exceptions) {
		this.keys = keys;
		this.fingerprints = fingerprints;
		this.rateLimiter = rateLimiter;
		this.exceptions = exceptions;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		List<String> sent = sentKeys(request);
		Optional<String> key = sent.stream().filter(this.keys::contain).findFirst();
		if (key.isPresent()) {
			request.setAttribute(FORMER_FINGERPRINT, KeyFingerprints.former(key.get()));
			admit(new AuthenticatedRequest(request, this.fingerprints.of(key.get())), response, chain);
		}
		else {
			refuse(request, response, new UnauthorizedException(reason(request, sent)));
		}
	}

	/** Azure's clients send {@code api-key}, Anthropic's {@code x-api-key}. */
	private static List<String> sentKeys(HttpServletRequest request) {
		Matcher bearer = BEARER.matcher(header(request, HttpHeaders.AUTHORIZATION));
		return Stream
			.of(bearer.matches() ? bearer.group(1) : "", header(request, "api-key"), header(request, "x-api-key"))
			.filter((key) -> !key.isEmpty())
			.toList();
	}

	private static String reason(HttpServletRequest request, List<String> sent) {
		if (!sent.isEmpty()) {
			return "Invalid authentication token: the service does not know this key";
		}
		return header(request, HttpHeaders.AUTHORIZATION).isEmpty()
				? "Missing authentication token: send the header 'Authorization: Bearer <key>'"
				: "Authorization must be 'Bearer <key>'";
	}

	private static String header(HttpServletRequest request, String name) {
		return Objects.requireNonNullElse(request.getHeader(name), "").strip();
	}

	private void admit(AuthenticatedRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		BodyDrainHandler.admit(request);
		try {
			// Each POST request counts as one; only its reader knows how many images it
			// costs.
			if (this.rateLimiter != null && HttpMethod.POST.matches(request.getMethod())) {
				this.rateLimiter.count(request.getRemoteUser());
			}
		}
		catch (TooManyRequestsException ex) {
			refuse(request, response, ex);
			return;
		}
		chain.doFilter(request, response);
	}

	private void refuse(HttpServletRequest request, HttpServletResponse response, RuntimeException ex) {
		this.exceptions.resolveException(request, response, null, ex);
	}

	/**
	 * A request with a valid key. Its remote user is the key's fingerprint.
	 */
	private static final class AuthenticatedRequest extends HttpServletRequestWrapper {

		private final String fingerprint;

		AuthenticatedRequest(HttpServletRequest request, String fingerprint) {
			super(request);
			this.fingerprint = fingerprint;
		}

		@Override
		public String getRemoteUser() {
			return this.fingerprint;
		}

	}

}
