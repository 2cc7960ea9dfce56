package io.github.akashgen2api.web.error;

import java.time.Duration;
import java.util.concurrent.CancellationException;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Excerpt;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.generation.CapacityExceededException;
import io.github.akashgen2api.generation.IdempotencyKeyReusedException;
import io.github.akashgen2api.generation.LogRedactor;
import io.github.akashgen2api.images.ConversionQueueFullException;
import io.github.akashgen2api.images.ImageConversionException;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.images.ImageNotFoundException;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.images.RangeNotSatisfiableException;
import io.github.akashgen2api.openai.DialectResolver;
import io.github.akashgen2api.openai.InvalidRequestException;
import io.github.akashgen2api.openai.ModelNotFoundException;
import io.github.akashgen2api.openai.SseWriter;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import io.github.akashgen2api.web.access.TooManyRequestsException;
import io.github.akashgen2api.web.access.UnauthorizedException;
import io.github.akashgen2api.web.body.LargeRequestException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * The one place where exceptions become answers and log lines.
 */
@RestControllerAdvice
class ApiExceptionHandler extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(ApiExceptionHandler.class);

	private final ApiErrorMapper failures;

	private final DialectResolver dialects;

	private final ImageLinks links;

	private final JsonMapper json;

	private final KeylessRefusals keyless;

	private final LogRedactor redactor;

	ApiExceptionHandler(ApiErrorMapper failures, DialectResolver dialects, ImageLinks links, LogRedactor redactor,
			JsonMapper json, KeylessRefusals keyless) {
		this.failures = failures;
		this.dialects = dialects;
		this.links = links;
		this.redactor = redactor;
		this.json = json;
		this.keyless = keyless;
	}

	/** All that this service itself refuses, or could not do. */
	@ExceptionHandler({ UnauthorizedException.class, TooManyRequestsException.class, InvalidRequestException.class,
			LargeRequestException.class, ModelNotFoundException.class, AkashGenException.class, PollingException.class,
			ImageNotFoundException.class, ImageUnavailableException.class, ImageConversionException.class,
			ImageStorageException.class, ConversionQueueFullException.class, IdempotencyKeyReusedException.class,
			CapacityExceededException.class, TooMuchTextException.class, ServiceStoppingException.class })
	@Nullable ResponseEntity<Object> ours(RuntimeException ex, ServletWebRequest exchange) {
		ApiError failure = this.failures.of(ex);
		log(failure, ex, exchange.getRequest());
		return render(failure, exchange, HttpHeaders.EMPTY);
	}

	@ExceptionHandler
	@Nullable ResponseEntity<Object> range(RangeNotSatisfiableException ex, ServletWebRequest exchange) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.CONTENT_RANGE, "bytes */" + ex.length());
		return answer(ApiError.of(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, String.valueOf(ex.getMessage()), null),
				exchange, headers);
	}

	/** Jetty reads a query only when one of its parameters is wanted. */
	@ExceptionHandler
	@Nullable ResponseEntity<Object> bug(Exception ex, ServletWebRequest exchange) {
		if (ex instanceof CancellationException || DisconnectedClientHelper.isClientDisconnectedException(ex)) {
			// For nobody to read, unless that is a mistake: nothing would be a 200.
			HttpServletResponse response = exchange.getResponse();
			return (response == null || response.isCommitted()) ? null : render(
					ApiError.of(HttpStatus.BAD_REQUEST, "The request ended early", null), exchange, HttpHeaders.EMPTY);
		}
		if (ex instanceof HttpException refusal) {
			HttpStatus status = HttpStatus.valueOf(refusal.getCode());
			return answer(ApiError.of(status, status.getReasonPhrase(), null), exchange, HttpHeaders.EMPTY);
		}
		HttpServletRequest request = exchange.getRequest();
		if (this.redactor.mayLogMessages(ex)) {
			log.error("{} {} met a fault of this service", Excerpt.printable(request.getMethod()),
					Excerpt.printable(request.getRequestURI()), ex);
		}
		else {
			log.error("{} {} met a fault of this service: {} at {}", Excerpt.printable(request.getMethod()),
					Excerpt.printable(request.getRequestURI()), ex.getClass().getName(), ex.getStackTrace());
		}
		return render(ApiError.of(HttpStatus.INTERNAL_SERVER_ERROR, "Internal server error", null), exchange,
				HttpHeaders.EMPTY);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return answer(JsonErrors.failure(ex), (ServletWebRequest) request, headers);
	}

	/** All that Spring MVC itself refuses. */
	@Override
	protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		ServletWebRequest exchange = (ServletWebRequest) request;
		return answer(SpringMvcErrors.failure(ex, status, exchange.getRequest()), exchange, headers);
	}

	private @Nullable ResponseEntity<Object> answer(ApiError failure, ServletWebRequest exchange, HttpHeaders headers) {
		log(failure, null, exchange.getRequest());
		return render(failure, exchange, headers);
	}

	private @Nullable ResponseEntity<Object> render(ApiError failure, ServletWebRequest exchange, HttpHeaders headers) {
		ErrorResponse body = body(failure, exchange.getRequest());
		HttpServletResponse response = exchange.getResponse();
		if (response != null && response.isCommitted()) {
			SseWriter.fail(exchange.getRequest(), response, this.json, body,
					ErrorResponse.OpenAiError.of(failure).message());
			return null;
		}
		return ResponseEntity.status(failure.status())
			.headers(headers)
			.headers((more) -> addHeaders(more, failure))
			.contentType(MediaType.APPLICATION_JSON)
			.cacheControl(CacheControl.noStore())
			.body(body);
	}

	private ErrorResponse body(ApiError failure, HttpServletRequest request) {
		ErrorResponse body = ErrorResponse.of(failure, this.dialects.of(request, failure.status()));
		JobId jobId = failure.jobId();
		return (failure.pictureMayCome() && jobId != null) ? body.withComing(jobId, this.links.linkTo(jobId, request))
				: body;
	}

	private static void addHeaders(HttpHeaders headers, ApiError failure) {
		if (failure.status() == HttpStatus.UNAUTHORIZED) {
			headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
		}
		if (failure.retryAfter() != null) {
			headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(wholeSeconds(failure.retryAfter())));
		}
		if (failure.isFinal()) {
			// Heeded by OpenAI's own SDKs, which else repeat it twice or three times.
			headers.set("x-should-retry", "false");
		}
	}

	/** Never earlier than worthwhile, and never 0, which invites a hot loop. */
	private static long wholeSeconds(Duration duration) {
		return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
	}

	private void log(ApiError failure, @Nullable Exception exception, HttpServletRequest request) {
		log.atLevel(level(failure, request))
			.addKeyValue("jobId", failure.jobId())
			.log("{} {} -> {}: {} ({}); job {}, AkashGen answered {}", Excerpt.printable(request.getMethod()),
					Excerpt.printable(request.getRequestURI()), failure.status().value(),
					this.redactor.text(failure.error(), exception),
					this.redactor.text(orDash(failure.details()), exception), orDash(failure.jobId()),
					this.redactor.answer(failure.answer()));
	}

	/** Only the key check sets the user. */
	private Level level(ApiError failure, HttpServletRequest request) {
		if (request.getRemoteUser() == null) {
			this.keyless.count(failure.status().value());
			return Level.DEBUG;
		}
		boolean expected = failure.status().is4xxClientError() && failure.answer() == null;
		return expected ? Level.INFO : Level.WARN;
	}

	private static String orDash(@Nullable Object value) {
		return (value != null) ? value.toString() : "-";
	}

}
