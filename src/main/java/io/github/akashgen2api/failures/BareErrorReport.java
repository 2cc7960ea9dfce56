package io.github.akashgen2api.failures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Answers what Tomcat itself refuses, such as an address with characters that no address
 * has. Tomcat would answer with a page for people.
 */
@Component
class BareErrorReport implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

	@Override
	public void customize(TomcatServletWebServerFactory factory) {
		factory.addContextCustomizers((context) -> {
			if (context.getParent() instanceof StandardHost host) {
				host.setErrorReportValveClass(Valve.class.getName());
			}
		});
	}

	/**
	 * Writes the status in JSON. Tomcat makes it by its name.
	 */
	public static class Valve extends ErrorReportValve {

		@Override
		protected void report(Request request, Response response, @Nullable Throwable throwable) {
			HttpStatus status = HttpStatus.resolve(response.getStatus());
			if (status == null || !status.isError() || response.getContentWritten() > 0
					|| !response.setErrorReported()) {
				return;
			}
			try {
				response.setContentType(MediaType.APPLICATION_JSON_VALUE);
				response.setCharacterEncoding(StandardCharsets.UTF_8);
				response.getReporter().write(body(status, request.getRequestURI()));
				response.finishResponse();
			}
			catch (IOException ex) {
				// The caller is gone.
			}
		}

		/** There may be no address, or none that can be read: this looks alike enough. */
		private static String body(HttpStatus status, @Nullable String uri) {
			String words = "\"" + status.getReasonPhrase() + "\"";
			return "{\"error\":" + ((uri != null && uri.contains("/v1/"))
					? "{\"message\":" + words + ",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\""
							+ status.name().toLowerCase(Locale.ROOT) + "\"}"
					: words) + "}";
		}

	}

}
