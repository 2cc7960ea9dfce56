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
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/**
 * Reads callers' JSON in little memory, however large it is.
 */
final class LeanJsonConverter extends JacksonJsonHttpMessageConverter {

	private final LargeBodies largeBodies;

	LeanJsonConverter(JsonMapper json, LargeBodies largeBodies) {
		super(json);
		this.largeBodies = largeBodies;
	}

	@Override
	public Object read(ResolvableType type, HttpInputMessage message, @Nullable Map<String, Object> hints)
			throws IOException {
		try (InputStream body = this.largeBodies.bounded(message.getBody(), message.getHeaders().getContentLength())) {
			return super.read(type, new Lean(message.getHeaders(), new LeanJson(BodyDigest.taking(body))), hints);
		}
		catch (HttpMessageNotReadableException ex) {
			throw (NestedExceptionUtils.getMostSpecificCause(ex) instanceof LargeRequestException refusal) ? refusal
					: ex;
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
