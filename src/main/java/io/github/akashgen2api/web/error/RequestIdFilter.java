package io.github.akashgen2api.web.error;

import java.io.IOException;
import java.util.Objects;
import java.util.UUID;

import io.github.akashgen2api.web.FilterOrder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.MDC;

import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives each request an id, sends it in the answer, and puts it into the log, so that a
 * client can report it to the operator. An id from the client is ignored, as the log
 * would contain it unchecked.
 */
@Component
@Order(FilterOrder.REQUEST_ID)
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
			chain.doFilter(new IdentifiedRequest(request, id), response);
		}
	}

	private static final class IdentifiedRequest extends HttpServletRequestWrapper {

		private final String id;

		IdentifiedRequest(HttpServletRequest request, String id) {
			super(request);
			this.id = id;
		}

		@Override
		public String getRequestId() {
			return this.id;
		}

	}

}
