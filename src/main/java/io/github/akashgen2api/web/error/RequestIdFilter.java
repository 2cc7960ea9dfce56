package io.github.akashgen2api.web.error;

import java.io.IOException;
import java.util.Objects;
import java.util.UUID;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.MDC;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives each request an id, by which the client can name it to the operator: it stands in
 * the answer and in the log. One that the caller brings is not taken, as it would stand
 * in the log as it came.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestIdFilter extends OncePerRequestFilter {

	private static final String HEADER = "X-Request-Id";

	private static final String NAME = "requestId";

	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String id = Objects.requireNonNullElseGet((String) request.getAttribute(HEADER),
				() -> UUID.randomUUID().toString());
		request.setAttribute(HEADER, id);
		response.setHeader(HEADER, id);
		try (MDC.MDCCloseable _ = MDC.putCloseable(NAME, id)) {
			chain.doFilter(new KnownRequest(request, id), response);
		}
	}

	private static final class KnownRequest extends HttpServletRequestWrapper {

		private final String id;

		KnownRequest(HttpServletRequest request, String id) {
			super(request);
			this.id = id;
		}

		@Override
		public String getRequestId() {
			return this.id;
		}

	}

}
