package io.github.akashgen2api.web.error;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import io.github.akashgen2api.akash.ResponseExcerpt;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Renders errors of Jetty itself, such as an invalid URL, as JSON; Jetty would send HTML.
 * Refuses {@code TRACE}, as the servlet API would answer it with all headers.
 */
@Component
@Order(0)
class JettyErrorHandler extends ErrorHandler implements JettyServerCustomizer {

	private static final Logger logger = LoggerFactory.getLogger(JettyErrorHandler.class);

	private final UnauthenticatedErrorCounter unauthenticated;

	JettyErrorHandler(UnauthenticatedErrorCounter unauthenticated) {
		this.unauthenticated = unauthenticated;
	}

	@Override
	public void customize(Server server) {
		server.setErrorHandler(this);
		server.setHandler(new TraceRefusal(server.getHandler()));
	}

	@Override
	public boolean errorPageForMethod(String method) {
		return true;
	}

	@Override
	protected void generateResponse(Request request, Response response, int code, String message,
			@Nullable Throwable cause, Callback callback) {
		this.unauthenticated.count(code);
		logger.debug("{} {} -> {}", ResponseExcerpt.printable(request.getMethod()),
				ResponseExcerpt.printable(String.valueOf(request.getHttpURI().getPath())), code);
		addHeaders(request, response);
		HttpStatus status = HttpStatus.resolve(code);
		if (status == null) {
			callback.succeeded();
			return;
		}
		response.getHeaders().put(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE + ";charset=utf-8");
		response.write(true, StandardCharsets.UTF_8.encode(body(status, request.getHttpURI())), callback);
	}

	/** Jetty has not called its customizers for a request that it cannot parse. */
	private static void addHeaders(Request request, Response response) {
		request.getConnectionMetaData()
			.getHttpConfiguration()
			.getCustomizers()
			.forEach((customizer) -> customizer.customize(request, response.getHeaders()));
	}

	/** An invalid URL has no path below the prefix, so the dialect is a guess. */
	private static String body(HttpStatus status, HttpURI uri) {
		String reason = reason(status, uri);
		if (uri.getPath() != null && uri.getPath().contains("/v1/")) {
			return "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"%s\"}}"
				.formatted((reason != null) ? reason : status.getReasonPhrase(),
						status.name().toLowerCase(Locale.ROOT));
		}
		String details = (reason != null) ? ",\"details\":\"" + reason + "\"" : "";
		return "{\"error\":\"" + status.getReasonPhrase() + "\"" + details + "}";
	}

	private static @Nullable String reason(HttpStatus status, HttpURI uri) {
		if (status == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) {
			return "The request headers are larger than 32 KB, or there are more than 200";
		}
		if (status != HttpStatus.BAD_REQUEST) {
			return null;
		}
		if (uri.hasViolation(UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT)) {
			return "The path contains an empty segment; it must not contain two slashes in a row";
		}
		return uri.hasViolations() ? "The path contains encoded or relative segments; it must contain neither" : null;
	}

	private static final class TraceRefusal extends Handler.Wrapper {

		TraceRefusal(Handler handler) {
			super(handler);
		}

		@Override
		public boolean handle(Request request, Response response, Callback callback) throws Exception {
			if (HttpMethod.TRACE.is(request.getMethod())) {
				Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED.value());
				return true;
			}
			return super.handle(request, response, callback);
		}

	}

}
