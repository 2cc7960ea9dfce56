package io.github.akashgen2api.web.body;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

import io.github.akashgen2api.budget.TextBudget;
import org.eclipse.jetty.http.MultiPart;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;

/**
 * Reads forms with files into the types that have {@linkplain KnownFields#images()
 * images}, as if they had been sent as JSON.
 */
final class FormConverter extends AbstractHttpMessageConverter<Object> {

	private final JsonMapper json;

	private final BodyLimiter limiter;

	private final TextBudget texts;

	FormConverter(JsonMapper json, BodyLimiter limiter, TextBudget texts) {
		super(MediaType.MULTIPART_FORM_DATA);
		this.json = LenientScalars.of(json);
		this.limiter = limiter;
		this.texts = texts;
	}

	@Override
	protected boolean supports(Class<?> type) {
		KnownFields fields = type.getAnnotation(KnownFields.class);
		return fields != null && fields.images().length > 0;
	}

	@Override
	protected boolean canRead(@Nullable MediaType mediaType) {
		return mediaType != null && super.canRead(mediaType);
	}

	@Override
	protected boolean canWrite(@Nullable MediaType mediaType) {
		return false;
	}

	@Override
	protected Object readInternal(Class<?> type, HttpInputMessage message) throws IOException {
		String boundary = MultiPart.extractBoundary(message.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE));
		if (boundary == null || boundary.isEmpty()) {
			throw new InvalidFormException("Content-Type must name the boundary of the form");
		}
		try (InputStream body = this.limiter.limited(message)) {
			TextBudget.Hold hold = TextCountingStream.open(this.texts);
			Map<String, Object> fields = new FormReader(boundary, type.getAnnotation(KnownFields.class),
					BodyDigest.begin(), hold::add)
				.read(body);
			return this.json.convertValue(fields, type);
		}
		catch (JacksonException ex) {
			throw new HttpMessageNotReadableException("The form cannot be read", ex, message);
		}
	}

	@Override
	protected void writeInternal(Object value, HttpOutputMessage message) {
		throw new HttpMessageNotWritableException("Forms are not written");
	}

}
