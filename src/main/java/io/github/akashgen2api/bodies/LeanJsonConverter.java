package io.github.akashgen2api.bodies;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

import io.github.akashgen2api.budget.TextBudget;
import io.github.akashgen2api.budget.TooMuchTextException;
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

	private final TextBudget texts;

	LeanJsonConverter(JsonMapper json, LargeBodies largeBodies, TextBudget texts) {
		super(json);
		this.texts = texts;
		this.largeBodies = largeBodies;
	}

	@Override
	public Object read(ResolvableType type, HttpInputMessage message, @Nullable Map<String, Object> hints)
			throws IOException {
		try (InputStream body = this.largeBodies.bounded(message.getBody(), message.getHeaders().getContentLength())) {
			return read(type, message.getHeaders(),
					TextWhileRead.counting(new LeanJson(BodyDigest.taking(body)), this.texts), hints);
		}
		catch (HttpMessageNotReadableException ex) {
			throw switch (NestedExceptionUtils.getMostSpecificCause(ex)) {
				case LargeRequestException refusal -> refusal;
				case TooMuchTextException refusal -> refusal;
				default -> ex;
			};
		}
	}

	private Object read(ResolvableType type, HttpHeaders headers, TextWhileRead json,
			@Nullable Map<String, Object> hints) throws IOException {
		try {
			return super.read(type, new Lean(headers, json), hints);
		}
		catch (IOException | RuntimeException ex) {
			json.letGo();
			throw ex;
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
