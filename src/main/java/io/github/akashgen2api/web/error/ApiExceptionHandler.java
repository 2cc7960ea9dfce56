package io.github.akashgen2api.web.error;

import java.time.Duration;
import java.util.concurrent.CancellationException;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.images.RangeNotSatisfiableException;
import io.github.akashgen2api.jobs.JobError;
import io.github.akashgen2api.openai.DialectResolver;
import io.github.akashgen2api.openai.SseWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Renders all exceptions of requests and has them logged.
 */
@RestControllerAdvice
class ApiExceptionHandler extends ResponseEntityExceptionHandler {

	private final ApiErrorMapper errors;

	private final ErrorLog log;

	private final DialectResolver dialects;

	private final ImageLinks links;

	private final JsonMapper json;

	ApiExceptionHandler(ApiErrorMapper errors, ErrorLog log, DialectResolver dialects, ImageLinks links,
			JsonMapper json) {
		this.errors = errors;
		this.log = log;
		this.dialects = dialects;
		this.links = links;
		this.json = json;
	}

	/** Exceptions of this service, of Jetty, and bugs. */
	@ExceptionHandler
	@Nullable ResponseEntity<Object> handle(Exception ex, ServletWebRequest exchange) {
		ApiError error = this.errors.of(ex);
		if (error != null) {
			return answer(error, ex, exchange, HttpHeaders.EMPTY);
		}
		if (ex instanceof CancellationException || DisconnectedClientHelper.isClientDisconnectedException(ex)) {
			// Nobody reads it, but without an answer, the status would be 200.
			HttpServletResponse response = exchange.getResponse();
			return (response == null || response.isCommitted()) ? null : render(
					ApiError.of(HttpStatus.BAD_REQUEST, "The request ended early", null), exchange, HttpHeaders.EMPTY);
		}
		if (ex instanceof InvalidMimeTypeException) {
			// Actuator endpoints parse the header themselves.
			return answer(ApiError.of(HttpStatus.NOT_ACCEPTABLE, "Accept must be a list of media types", null), null,
					exchange, HttpHeaders.EMPTY);
		}
		if (ex instanceof HttpException invalidQuery) {
			// Jetty parses the query when the first parameter is read.
			HttpStatus status = HttpStatus.valueOf(invalidQuery.getCode());
			return answer(ApiError.of(status, status.getReasonPhrase(), null), null, exchange, HttpHeaders.EMPTY);
		}
		this.log.logBug(ex, exchange.getRequest());
		return render(ApiError.of(HttpStatus.INTERNAL_SERVER_ERROR, "Internal server error", null), exchange,
				HttpHeaders.EMPTY);
	}

	@ExceptionHandler
	@Nullable ResponseEntity<Object> handle(RangeNotSatisfiableException ex, ServletWebRequest exchange) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.CONTENT_RANGE, "bytes */" + ex.length());
		return answer(ApiError.of(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, String.valueOf(ex.getMessage()), null),
				null, exchange, headers);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return answer(JsonErrors.error(ex), null, (ServletWebRequest) request, headers);
	}

	/** All other exceptions of Spring MVC. */
	@Override
	protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		ServletWebRequest exchange = (ServletWebRequest) request;
		return answer(SpringMvcErrors.error(ex, status, exchange.getRequest()), null, exchange, headers);
	}

	private @Nullable ResponseEntity<Object> answer(ApiError error, @Nullable Exception ex, ServletWebRequest exchange,
			HttpHeaders headers) {
		this.log.log(error, ex, exchange.getRequest());
		return render(error, exchange, headers);
	}

	private @Nullable ResponseEntity<Object> render(ApiError error, ServletWebRequest exchange, HttpHeaders headers) {
		ErrorResponse body = body(error, exchange.getRequest());
		HttpServletResponse response = exchange.getResponse();
		if (response != null && response.isCommitted()) {
			SseWriter.writeError(exchange.getRequest(), response, this.json, body,
					new JobError(error.code(), ErrorResponse.OpenAiError.of(error).message()));
			return null;
		}
		return ResponseEntity.status(error.status())
			.headers(headers)
			.headers((more) -> addHeaders(more, error))
			.contentType(MediaType.APPLICATION_JSON)
			.cacheControl(CacheControl.noStore())
			.body(body);
	}

	private ErrorResponse body(ApiError error, HttpServletRequest request) {
		ErrorResponse body = ErrorResponse.of(error, this.dialects.of(request, error.status()));
		JobId jobId = error.jobId();
		return (error.isImagePending() && jobId != null)
				? body.withPendingImage(jobId, this.links.linkTo(jobId, request)) : body;
	}

	private static void addHeaders(HttpHeaders headers, ApiError error) {
		if (error.status() == HttpStatus.UNAUTHORIZED) {
			headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
		}
		if (error.retryAfter() != null) {
			headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(wholeSeconds(error.retryAfter())));
		}
		if (error.isFinal()) {
			// Without it, OpenAI's own SDKs repeat the request two or three times.
			headers.set("x-should-retry", "false");
		}
	}

	/** Rounds up; at least 1, as 0 invites a busy loop. */
	private static long wholeSeconds(Duration duration) {
		return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
	}

}
