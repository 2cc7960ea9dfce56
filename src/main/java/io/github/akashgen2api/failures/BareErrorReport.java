package io.github.akashgen2api.failures;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Answers what Jetty itself refuses, such as an address with characters that no address
 * has. Jetty would answer with a page for people. And refuses {@code TRACE}, to which the
 * servlet API answers with all headers.
 */
@Component
class BareErrorReport extends ErrorHandler implements JettyServerCustomizer {

	@Override
	public void customize(Server server) {
		server.setErrorHandler(this);
		server.setHandler(new Untraced(server.getHandler()));
	}

	@Override
	public boolean errorPageForMethod(String method) {
		return true;
	}

	@Override
	protected void generateResponse(Request request, Response response, int code, String message,
			@Nullable Throwable cause, Callback callback) {
		addHeaders(request, response);
		HttpStatus status = HttpStatus.resolve(code);
		if (status == null) {
			callback.succeeded();
			return;
		}
		response.getHeaders().put(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE + ";charset=utf-8");
		response.write(true, StandardCharsets.UTF_8.encode(body(status, request.getHttpURI().getPath())), callback);
	}

	/**
	 * A request that cannot be read has not met those who add headers to every answer.
	 */
	private static void addHeaders(Request request, Response response) {
		request.getConnectionMetaData()
			.getHttpConfiguration()
			.getCustomizers()
			.forEach((customizer) -> customizer.customize(request, response.getHeaders()));
	}

	/** Jetty does not tell an address that it cannot read: this looks alike enough. */
	private static String body(HttpStatus status, @Nullable String uri) {
		String words = "\"" + status.getReasonPhrase() + "\"";
		return "{\"error\":" + ((uri != null && uri.contains("/v1/"))
				? "{\"message\":" + words + ",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\""
						+ status.name().toLowerCase(Locale.ROOT) + "\"}"
				: words) + "}";
	}

	private static final class Untraced extends Handler.Wrapper {

		Untraced(Handler handler) {
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
