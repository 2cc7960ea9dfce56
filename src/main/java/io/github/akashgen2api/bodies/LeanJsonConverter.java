package io.github.akashgen2api.bodies;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/**
 * Reads clients' JSON in little memory, however large it is, and says of what it writes
 * that it is UTF-8.
 */
final class LeanJsonConverter extends JacksonJsonHttpMessageConverter {

	private final LargeBodies largeBodies;

	LeanJsonConverter(JsonMapper json, LargeBodies largeBodies) {
		super(LenientScalars.of(json));
		this.largeBodies = largeBodies;
	}

	@Override
	public Object read(ResolvableType type, HttpInputMessage message, @Nullable Map<String, Object> hints)
			throws IOException {
		try (InputStream body = body(message)) {
			return super.read(type, new Lean(message.getHeaders(), lean(body, type)), hints);
		}
		catch (HttpMessageNotReadableException ex) {
			throw (NestedExceptionUtils.getMostSpecificCause(ex) instanceof LargeRequestException refusal) ? refusal
					: ex;
		}
	}

	private InputStream body(HttpInputMessage message) throws IOException {
		HttpHeaders headers = message.getHeaders();
		return ContentCoding.isCompressed(headers)
				? this.largeBodies.bounded(ContentCoding.decoded(message.getBody()), -1)
				: this.largeBodies.bounded(message.getBody(), headers.getContentLength());
	}

	private static InputStream lean(InputStream body, ResolvableType type) {
		InputStream json = new Utf8JsonStream(BodyDigest.taking(body));
		KnownFields fields = type.toClass().getAnnotation(KnownFields.class);
		return new LeanJson((fields != null) ? new FilteringJsonStream(json, fields) : json);
	}

	/** Some clients take JSON without a character set for Latin-1. */
	@Override
	protected void addDefaultHeaders(HttpHeaders headers, Object value, @Nullable MediaType contentType)
			throws IOException {
		super.addDefaultHeaders(headers, value, contentType);
		MediaType type = headers.getContentType();
		if (type != null && type.getCharset() == null) {
			headers.setContentType(new MediaType(type, Map.of("charset", "utf-8")));
		}
	}

	private record Lean(HttpHeaders headers, InputStream body) implements HttpInputMessage {

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

		@Override
		public InputStream getBody() {
			return this.body;
		}

	}

}
