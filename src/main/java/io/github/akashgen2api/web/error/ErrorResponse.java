package io.github.akashgen2api.web.error;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.openai.Dialect;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * The JSON of an error.
 *
 * @param error the message, or an {@link OpenAiError}, depending on the dialect
 * @param details the path of the wrong field, or AkashGen's message
 * @param id the job whose image may still come
 * @param imageUrl where that image will be
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ErrorResponse(Object error, @Nullable Object details, @Nullable String id, @Nullable String imageUrl) {

	static ErrorResponse of(ApiError error, Dialect dialect) {
		Object shape = switch (dialect) {
			case SIMPLE -> error.message();
			case OPENAI -> OpenAiError.of(error);
		};
		return new ErrorResponse(shape, error.details(), null, null);
	}

	ErrorResponse withPendingImage(JobId id, String imageUrl) {
		return new ErrorResponse(this.error, this.details, id.value(), imageUrl);
	}

	/**
	 * OpenAI's error object.
	 *
	 * @param message what happened, with AkashGen's message, as many clients show nothing
	 * else
	 * @param type the class of the error, by its status
	 * @param param the path of the wrong field; {@code null} if there is none
	 * @param code the precise error
	 */
	record OpenAiError(String message, String type, @JsonInclude @Nullable String param, String code) {

		static OpenAiError of(ApiError error) {
			boolean isField = error.isField();
			String details = isField ? "" : switch (error.details()) {
				case String text -> ": " + text;
				case Map<?, ?> answer when !"".equals(answer.get("response")) -> ": " + answer.get("response");
				case null, default -> "";
			};
			return new OpenAiError(error.message() + details, type(error.status()),
					isField ? String.valueOf(error.details()) : null, error.code());
		}

		private static String type(HttpStatus status) {
			if (status == HttpStatus.TOO_MANY_REQUESTS) {
				return "rate_limit_error";
			}
			return status.is4xxClientError() ? "invalid_request_error" : "server_error";
		}

	}

}
