package io.github.akashgen2api.access;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
 * Lets through those who hold a key (RFC 6750 section 2.1). What the others are told is
 * decided where all failures are.
 */
final class ApiKeyFilter extends OncePerRequestFilter {

	/** As many hex digits of a key's digest as tell an operator's keys apart. */
	private static final int FINGERPRINT = 12;

	private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

	private final ApiKeys keys;

	private final @Nullable KeyRates rates;

	private final HandlerExceptionResolver refusals;

	/**
	 * Guard the routes.
	 * @param rates what each key is held to; {@code null}: nothing
	 */
	ApiKeyFilter(ApiKeys keys, @Nullable KeyRates rates, HandlerExceptionResolver refusals) {
		this.keys = keys;
		this.rates = rates;
		this.refusals = refusals;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Matcher bearer = BEARER.matcher(Objects.requireNonNullElse(request.getHeader(HttpHeaders.AUTHORIZATION), ""));
		if (!bearer.matches()) {
			refuse(request, response, new UnauthorizedException("Missing authentication token"));
		}
		else if (!this.keys.contain(bearer.group(1))) {
			refuse(request, response, new UnauthorizedException("Invalid authentication token"));
		}
		else {
			admit(new KnownCaller(request, fingerprint(bearer.group(1))), response, chain);
		}
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

	private static String fingerprint(String key) {
		return HexFormat.of().formatHex(ApiKeys.digest(key)).substring(0, FINGERPRINT);
	}

	private void refuse(HttpServletRequest request, HttpServletResponse response, RuntimeException refusal) {
		this.refusals.resolveException(request, response, null, refusal);
	}

	/**
	 * A request of one who holds a key, by whose fingerprint he is known.
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
