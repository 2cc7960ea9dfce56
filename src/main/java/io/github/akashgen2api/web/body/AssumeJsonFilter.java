package io.github.akashgen2api.web.body;

import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import io.github.akashgen2api.web.FilterOrder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Replaces the {@code Content-Type} of each request with that of JSON, except that of
 * forms with files where those are accepted. All other bodies are JSON, but
 * {@code curl -d} declares a form. The filter is for all paths, as actuator endpoints
 * read a body too.
 */
@Component
@Order(FilterOrder.ASSUME_JSON)
final class AssumeJsonFilter extends OncePerRequestFilter {

	private static final String FORMS = "/v1/images/edits";

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		chain.doFilter(isForm(request) ? request : new JsonRequest(request), response);
	}

	private static boolean isForm(HttpServletRequest request) {
		String type = Objects.requireNonNullElse(request.getContentType(), "").strip().toLowerCase(Locale.ROOT);
		return type.startsWith(MediaType.MULTIPART_FORM_DATA_VALUE) && request.getServletPath().equals(FORMS);
	}

	private static final class JsonRequest extends HttpServletRequestWrapper {

		JsonRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public String getContentType() {
			return MediaType.APPLICATION_JSON_VALUE;
		}

		@Override
		public @Nullable String getHeader(String name) {
			return isContentType(name) ? getContentType() : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return isContentType(name) ? Collections.enumeration(List.of(getContentType())) : super.getHeaders(name);
		}

		private static boolean isContentType(String name) {
			return HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name);
		}

	}

}
