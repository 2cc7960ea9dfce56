package io.github.akashgen2api.web.body;

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
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/**
 * Reads JSON of any size in little memory, and adds the character set to the content type
 * of what it writes.
 */
final class BoundedJsonConverter extends JacksonJsonHttpMessageConverter {

	private final BodyLimiter limiter;

	private final TextBudget texts;

	BoundedJsonConverter(JsonMapper json, BodyLimiter limiter, TextBudget texts) {
		super(LenientScalars.of(json));
		this.texts = texts;
		this.limiter = limiter;
	}

	@Override
	public Object read(ResolvableType type, HttpInputMessage message, @Nullable Map<String, Object> hints)
			throws IOException {
		try (InputStream body = this.limiter.limited(message)) {
			return read(type, message.getHeaders(), TextCountingStream.counting(reduced(body, type), this.texts),
					hints);
		}
		catch (HttpMessageNotReadableException ex) {
			throw switch (NestedExceptionUtils.getMostSpecificCause(ex)) {
				case LargeRequestException refusal -> refusal;
				case TooMuchTextException refusal -> refusal;
				default -> ex;
			};
		}
	}

	private Object read(ResolvableType type, HttpHeaders headers, TextCountingStream json,
			@Nullable Map<String, Object> hints) throws IOException {
		try {
			return super.read(type, new ReducedMessage(headers, json), hints);
		}
		catch (IOException | RuntimeException ex) {
			json.release();
			throw ex;
		}
	}

	private static InputStream reduced(InputStream body, ResolvableType type) {
		InputStream json = new Utf8CheckingStream(BodyDigest.digesting(body));
		KnownFields fields = type.toClass().getAnnotation(KnownFields.class);
		return (fields != null)
				? new TruncatingJsonStream(new FilteringJsonStream(json, fields), fields.images().length > 0)
				: new TruncatingJsonStream(json, false);
	}

	/** Some clients read JSON without a character set as Latin-1. */
	@Override
	protected void addDefaultHeaders(HttpHeaders headers, Object value, @Nullable MediaType contentType)
			throws IOException {
		super.addDefaultHeaders(headers, value, contentType);
		MediaType type = headers.getContentType();
		if (type != null && type.getCharset() == null) {
			headers.setContentType(new MediaType(type, Map.of("charset", "utf-8")));
		}
	}

	private record ReducedMessage(HttpHeaders headers, InputStream body) implements HttpInputMessage {

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
