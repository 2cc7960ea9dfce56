package io.github.akashgen2api.web.error;

import io.github.akashgen2api.akash.ResponseExcerpt;
import io.github.akashgen2api.generation.LogRedactor;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import org.springframework.stereotype.Component;

/**
 * Logs each error once, without the text of prompts.
 */
@Component
class ErrorLog {

	private static final Logger logger = LoggerFactory.getLogger(ErrorLog.class);

	private final LogRedactor redactor;

	private final UnauthenticatedErrorCounter unauthenticated;

	ErrorLog(LogRedactor redactor, UnauthenticatedErrorCounter unauthenticated) {
		this.redactor = redactor;
		this.unauthenticated = unauthenticated;
	}

	/**
	 * Log an error.
	 * @param exception its exception, whose message may contain AkashGen's; {@code null}
	 * if it contains none
	 */
	void log(ApiError error, @Nullable Exception exception, HttpServletRequest request) {
		logger.atLevel(level(error, request))
			.addKeyValue("jobId", error.jobId())
			.log("{} {} -> {}: {} ({}); job {}, AkashGen answered {}", ResponseExcerpt.printable(request.getMethod()),
					ResponseExcerpt.printable(request.getRequestURI()), error.status().value(),
					this.redactor.text(error.message(), exception),
					this.redactor.text(orDash(error.details()), exception), orDash(error.jobId()),
					this.redactor.answer(error.answer()));
	}

	/** Only the key check sets the user. */
	private Level level(ApiError error, HttpServletRequest request) {
		if (request.getRemoteUser() == null) {
			this.unauthenticated.count(error.status().value());
			return Level.DEBUG;
		}
		boolean isClientError = error.status().is4xxClientError() && error.answer() == null;
		return isClientError ? Level.INFO : Level.WARN;
	}

	private static String orDash(@Nullable Object value) {
		return (value != null) ? value.toString() : "-";
	}

	/**
	 * Log an unexpected exception, which is a bug.
	 */
	void logBug(Exception ex, HttpServletRequest request) {
		String method = ResponseExcerpt.printable(request.getMethod());
		String path = ResponseExcerpt.printable(request.getRequestURI());
		if (this.redactor.mayLogMessages(ex)) {
			logger.error("{} {} failed because of a bug", method, path, ex);
		}
		else {
			logger.error("{} {} failed because of a bug: {} at {}", method, path, ex.getClass().getName(),
					ex.getStackTrace());
		}
	}

}
