package io.github.akashgen2api.web.error;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.openai.Dialect;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * A failure in JSON.
 *
 * @param error what happened: words for those who follow the README, an
 * {@link OpenAiError} for OpenAI clients
 * @param details more on it
 * @param id the job whose picture may still come
 * @param imageUrl where it will be
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ErrorResponse(Object error, @Nullable Object details, @Nullable String id, @Nullable String imageUrl) {

	static ErrorResponse of(ApiError failure, Dialect dialect) {
		Object error = switch (dialect) {
			case SIMPLE -> failure.error();
			case OPENAI -> OpenAiError.of(failure);
		};
		return new ErrorResponse(error, failure.details(), null, null);
	}

	ErrorResponse withComing(JobId id, String imageUrl) {
		return new ErrorResponse(this.error, this.details, id.value(), imageUrl);
	}

	/**
	 * OpenAI's error object.
	 *
	 * @param message what happened, with AkashGen's own words: many clients show nothing
	 * else
	 * @param type the kind of failure
	 * @param param the field that is wrong; {@code null} where none is
	 * @param code the failure, for a program
	 */
	record OpenAiError(String message, String type, @JsonInclude @Nullable String param, String code) {

		static OpenAiError of(ApiError failure) {
			boolean isField = failure.field();
			String more = isField ? "" : switch (failure.details()) {
				case String words -> ": " + words;
				case Map<?, ?> answer when !"".equals(answer.get("response")) -> ": " + answer.get("response");
				case null, default -> "";
			};
			return new OpenAiError(failure.error() + more, type(failure.status()),
					isField ? String.valueOf(failure.details()) : null, failure.code());
		}

		private static String type(HttpStatus status) {
			if (status == HttpStatus.TOO_MANY_REQUESTS) {
				return "rate_limit_error";
			}
			return status.is4xxClientError() ? "invalid_request_error" : "server_error";
		}

	}

}
