package io.github.akashgen2api.web.server;

import java.util.List;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Tells browsers in every response to trust its content type and to run nothing in it.
 * Pages of other origins may show images.
 */
final class SecurityHeaders implements HttpConfiguration.Customizer {

	private static final List<HttpField> FIELDS = List.of(new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
			new PreEncodedHttpField("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
			new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
			new PreEncodedHttpField("Cross-Origin-Resource-Policy", "cross-origin"),
			new PreEncodedHttpField("X-Frame-Options", "DENY"));

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		FIELDS.forEach(responseHeaders::put);
		return request;
	}

}
