package io.github.akashgen2api.web.access;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.akashgen2api.web.body.DrainBodyHandler;
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
 * Lets through those who hold a key (RFC 6750 section 2.1), or send it as Azure's and
 * Anthropic's clients do. What the others are told is decided where all failures are.
 */
final class ApiKeyFilter extends OncePerRequestFilter {

	/** A request's attribute, read in {@code openai}. */
	private static final String FORMER_FINGERPRINT = "io.github.akashgen2api.former-fingerprint";

	private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

	private final ApiKeys keys;

	private final KeyFingerprints fingerprints;

	private final @Nullable KeyRateLimiter rates;

	private final HandlerExceptionResolver refusals;

	/**
	 * Guard the routes.
	 * @param rates what each key is held to; {@code null}: nothing
	 */
	ApiKeyFilter(ApiKeys keys, KeyFingerprints fingerprints, @Nullable KeyRateLimiter rates,
			HandlerExceptionResolver refusals) {
		this.keys = keys;
		this.fingerprints = fingerprints;
		this.rates = rates;
		this.refusals = refusals;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		List<String> presented = presented(request);
		Optional<String> key = presented.stream().filter(this.keys::contain).findFirst();
		if (key.isPresent()) {
			request.setAttribute(FORMER_FINGERPRINT, KeyFingerprints.formerly(key.get()));
			admit(new KnownCaller(request, this.fingerprints.of(key.get())), response, chain);
		}
		else {
			refuse(request, response, new UnauthorizedException(fault(request, presented)));
		}
	}

	/** Azure's clients send the second header, Anthropic's the third. */
	private static List<String> presented(HttpServletRequest request) {
		Matcher bearer = BEARER.matcher(header(request, HttpHeaders.AUTHORIZATION));
		return Stream
			.of(bearer.matches() ? bearer.group(1) : "", header(request, "api-key"), header(request, "x-api-key"))
			.filter((key) -> !key.isEmpty())
			.toList();
	}

	private static String fault(HttpServletRequest request, List<String> presented) {
		if (!presented.isEmpty()) {
			return "Invalid authentication token: the service does not know this key";
		}
		return header(request, HttpHeaders.AUTHORIZATION).isEmpty()
				? "Missing authentication token: send the header 'Authorization: Bearer <key>'"
				: "Authorization must be 'Bearer <key>'";
	}

	private static String header(HttpServletRequest request, String name) {
		return Objects.requireNonNullElse(request.getHeader(name), "").strip();
	}

	private void admit(KnownCaller caller, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		DrainBodyHandler.admit(caller);
		try {
			// Whatever is posted may cost pictures; how many, only its reader knows.
			if (this.rates != null && HttpMethod.POST.matches(caller.getMethod())) {
				this.rates.count(caller.getRemoteUser());
			}
		}
		catch (TooManyRequestsException ex) {
			refuse(caller, response, ex);
			return;
		}
		chain.doFilter(caller, response);
	}

	private void refuse(HttpServletRequest request, HttpServletResponse response, RuntimeException refusal) {
		this.refusals.resolveException(request, response, null, refusal);
	}

	/**
	 * A request with a valid key. Its remote user is the key's fingerprint.
	 */
	private static final class KnownCaller extends HttpServletRequestWrapper {

		private final String fingerprint;

		KnownCaller(HttpServletRequest request, String fingerprint) {
			super(request);
			this.fingerprint = fingerprint;
		}

		@Override
		public String getRemoteUser() {
			return this.fingerprint;
		}

	}

}
