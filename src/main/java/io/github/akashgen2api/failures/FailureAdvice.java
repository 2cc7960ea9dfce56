package io.github.akashgen2api.failures;

import java.time.Duration;

import io.github.akashgen2api.access.UnauthorizedException;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Excerpt;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.images.ImageLinks;
import io.github.akashgen2api.images.PictureNotFoundException;
import io.github.akashgen2api.images.PictureUnavailableException;
import io.github.akashgen2api.openai.InvalidRequestException;
import io.github.akashgen2api.polling.PollingException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

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

/**
 * The one place where exceptions become answers and log lines.
 */
@RestControllerAdvice
class FailureAdvice extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(FailureAdvice.class);

	private final Failures failures;

	private final ImageLinks links;

	FailureAdvice(Failures failures, ImageLinks links) {
		this.failures = failures;
		this.links = links;
	}

	/** All that this service itself refuses, or could not do. */
	@ExceptionHandler({ UnauthorizedException.class, InvalidRequestException.class, AkashGenException.class,
			PollingException.class, PictureNotFoundException.class, PictureUnavailableException.class })
	ResponseEntity<Object> ours(RuntimeException ex, HttpServletRequest request) {
		return answer(this.failures.of(ex), request, HttpHeaders.EMPTY);
	}

	@ExceptionHandler
	ResponseEntity<Object> bug(Exception ex, HttpServletRequest request) {
		log.error("{} {} met a fault of this service", request.getMethod(), request.getRequestURI(), ex);
		return render(Failure.of(HttpStatus.INTERNAL_SERVER_ERROR, "Internal server error", null), request,
				HttpHeaders.EMPTY);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return answer(UnreadableBody.failure(ex), servletRequest(request), headers);
	}

	/** All that Spring MVC itself refuses. */
	@Override
	protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return answer(RefusedRequest.failure(ex, status, servletRequest(request)), servletRequest(request), headers);
	}

	private static HttpServletRequest servletRequest(WebRequest request) {
		return ((ServletWebRequest) request).getRequest();
	}

	private ResponseEntity<Object> answer(Failure failure, HttpServletRequest request, HttpHeaders headers) {
		log(failure, request);
		return render(failure, request, headers);
	}

	private ResponseEntity<Object> render(Failure failure, HttpServletRequest request, HttpHeaders headers) {
		ResponseEntity.BodyBuilder answer = ResponseEntity.status(failure.status())
			.headers(headers)
			.contentType(MediaType.APPLICATION_JSON)
			.cacheControl(CacheControl.noStore());
		if (failure.status() == HttpStatus.UNAUTHORIZED) {
			answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
		}
		if (failure.retryAfter() != null) {
			answer.header(HttpHeaders.RETRY_AFTER, String.valueOf(wholeSeconds(failure.retryAfter())));
		}
		JobId coming = failure.pictureMayCome() ? failure.jobId() : null;
		return answer
			.body(new Failure.Body(failure.error(), failure.details(), (coming != null) ? coming.value() : null,
					(coming != null) ? this.links.linkTo(coming, request) : null));
	}

	/** Never earlier than worthwhile, and never 0, which invites a hot loop. */
	private static long wholeSeconds(Duration duration) {
		return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
	}

	private static void log(Failure failure, HttpServletRequest request) {
		boolean expected = failure.status().is4xxClientError() && failure.answer() == null;
		log.atLevel(expected ? Level.INFO : Level.WARN)
			.addKeyValue("jobId", failure.jobId())
			.log("{} {} -> {}: {} ({}); job {}, AkashGen answered {}", request.getMethod(), request.getRequestURI(),
					failure.status().value(), Excerpt.printable(failure.error()),
					Excerpt.printable(orDash(failure.details())), orDash(failure.jobId()), orDash(failure.answer()));
	}

	private static String orDash(@Nullable Object value) {
		return (value != null) ? value.toString() : "-";
	}

}
