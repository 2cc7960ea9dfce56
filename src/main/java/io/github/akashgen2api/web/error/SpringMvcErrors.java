package io.github.akashgen2api.web.error;

import java.util.stream.Collectors;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;

/**
 * Describes a request that Spring MVC refused.
 */
final class SpringMvcErrors {

	private SpringMvcErrors() {
	}

	static ApiError error(Exception ex, HttpStatusCode code, HttpServletRequest request) {
		HttpStatus status = HttpStatus.valueOf(code.value());
		return switch (ex) {
			case MissingServletRequestParameterException missing ->
				ApiError.ofField(missing.getParameterName(), missing.getParameterName() + " is missing");
			case MethodArgumentTypeMismatchException mismatch ->
				ApiError.ofField(mismatch.getName(), mismatch.getName() + " " + reason(mismatch));
			case HandlerMethodValidationException invalid -> invalid(invalid);
			case NoHandlerFoundException _ ->
				ApiError.of(status, "unknown_url", "Not found", request.getMethod() + " " + request.getRequestURI());
			case ErrorResponse response ->
				ApiError.of(status, status.getReasonPhrase(), response.getBody().getDetail());
			default -> ApiError.of(status, status.getReasonPhrase(), null);
		};
	}

	private static String reason(MethodArgumentTypeMismatchException ex) {
		Throwable cause = ex.getMostSpecificCause();
		return (cause instanceof NumberFormatException || cause.getMessage() == null) ? "must be a whole number"
				: cause.getMessage();
	}

	private static ApiError invalid(HandlerMethodValidationException ex) {
		String names = ex.getParameterValidationResults()
			.stream()
			.map((result) -> String.valueOf(result.getMethodParameter().getParameterName()))
			.collect(Collectors.joining(", "));
		String reasons = ex.getAllErrors()
			.stream()
			.map((error) -> String.valueOf(error.getDefaultMessage()))
			.collect(Collectors.joining(", "));
		return ApiError.ofField(names, names + " " + reasons);
	}

}
