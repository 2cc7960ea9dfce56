package io.github.akashgen2api.web.error;

import io.github.akashgen2api.openai.DialectResolver;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Renders errors that occur before Spring MVC.
 */
@RestController
class FallbackErrorController implements ErrorController {

	private final DialectResolver dialects;

	FallbackErrorController(DialectResolver dialects) {
		this.dialects = dialects;
	}

	@RequestMapping("/error")
	ResponseEntity<ErrorResponse> error(HttpServletRequest request) {
		Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
		HttpStatus status = (code instanceof Integer value) ? HttpStatus.valueOf(value) : HttpStatus.NOT_FOUND;
		return ResponseEntity.status(status)
			.contentType(MediaType.APPLICATION_JSON)
			.body(ErrorResponse.of(ApiError.of(status, status.getReasonPhrase(), null),
					this.dialects.of(request, status)));
	}

}
