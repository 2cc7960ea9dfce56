package io.github.akashgen2api.akash;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/**
 * Maps AkashGen's error responses to exceptions. Neither the status nor the content type
 * tells: 200 may be a failure, and 403 may be about the session, the model or the front
 * end.
 */
final class UpstreamErrorMapper {

	private static final Duration DEFAULT_PAUSE = Duration.ofMinutes(1);

	/** AkashGen's window is four hours; what is far beyond it is a mistake. */
	private static final Duration MAX_PAUSE = Duration.ofHours(5);

	private UpstreamErrorMapper() {
	}

	/**
	 * Whether an answer to a conversation says that the session is gone. Nothing ran
	 * then.
	 */
	static boolean isInvalidSession(UpstreamResponse answer) {
		return answer.status() == 403 && answer.field("message").contains("Invalid session");
	}

	/**
	 * Whether an answer says that the access token is not the instance's.
	 */
	static boolean isInvalidAccessToken(UpstreamResponse answer) {
		return answer.status() == 403
				&& answer.field("error").toLowerCase(Locale.ROOT).contains("invalid access token");
	}

	/**
	 * The job that an answer to a conversation speaks of.
	 * @throws AkashGenException if it names no job
	 */
	static Job job(UpstreamResponse answer, JsonMapper json, Instant now) {
		return switch (answer.status()) {
			case 200 -> queued(answer, json);
			case 400 -> throw badRequest(answer);
			case 403 -> throw forbidden(answer);
			case 429 ->
				throw new AkashGenException.RateLimited(reset(answer, now), answer.upstreamMessage(), answer.excerpt());
			case 500 -> throw failed(answer);
			default -> throw unexpected(answer);
		};
	}

	/** How the version of May 2026 reports what that of July 2025 does in a 200. */
	private static AkashGenException failed(UpstreamResponse answer) {
		return answer.field("error").equals("Error generating image")
				? reported(answer.field("message"), "AkashGen could not generate the image", answer)
				: unexpected(answer);
	}

	private static Job queued(UpstreamResponse answer, JsonMapper json) {
		ChatResponse read = ChatResponse.read(answer.text(), json);
		if (!answer.isWhole() && !(read instanceof ChatResponse.Queued)) {
			// Only a job's id is worth having from half an answer.
			throw unexpected(answer);
		}
		return switch (read) {
			case ChatResponse.Queued queued -> queued.job();
			case ChatResponse.MissingJobId nameless ->
				throw new AkashGenException.MissingJobId(nameless.text(), answer.excerpt());
			case ChatResponse.Words words -> throw new AkashGenException.TextAnswer(words.text(), answer.excerpt());
			case ChatResponse.ErrorPart trouble -> throw reported(trouble.text(), "AkashGen reported an error", answer);
			case ChatResponse.TooLong _ ->
				throw new AkashGenException.UnexpectedAnswer("AkashGen answered 200 when asked for " + answer.what()
						+ ", with more than " + ChatResponse.TooLong.MAX_LINES + " lines", null, answer.excerpt());
			case ChatResponse.Unreadable _ -> throw unexpected(answer);
		};
	}

	/**
	 * A failure that AkashGen tells in words.
	 * @param otherwise what to say of one that is not known
	 */
	private static AkashGenException reported(String text, String otherwise, UpstreamResponse answer) {
		String lowerCase = text.toLowerCase(Locale.ROOT);
		String message = otherwise;
		if (lowerCase.contains("invalid model name") && text.contains("AkashGen")) {
			// How the version of July 2025 says so; the cause is hidden.
			message = "AkashGen could not generate the image";
		}
		else if (Stream.of("429", "rate limit", "too many requests", "overloaded").anyMatch(lowerCase::contains)) {
			message = "AkashGen is busy";
		}
		else if (lowerCase.contains("no available workers")) {
			message = "AkashGen has no available workers";
		}
		else if (lowerCase.startsWith("failed after")) {
			message = "AkashGen's language model failed";
		}
		return new AkashGenException.Unavailable(message, text, answer.excerpt());
	}

	private static AkashGenException badRequest(UpstreamResponse answer) {
		if (answer.isWebPage()) {
			return unexpected(answer);
		}
		return new AkashGenException.PromptRefused(answer.upstreamMessage(), answer.excerpt());
	}

	private static AkashGenException forbidden(UpstreamResponse answer) {
		if (isInvalidSession(answer)) {
			return new AkashGenException.SessionRefused("AkashGen refused two sessions in a row",
					answer.upstreamMessage(), answer.excerpt());
		}
		if (answer.field("error").equals("Model not available")) {
			return new AkashGenException.Unavailable("AkashGen does not offer its image model now",
					answer.upstreamMessage(), answer.excerpt());
		}
		return unexpected(answer);
	}

	private static Instant reset(UpstreamResponse answer, Instant now) {
		Instant reset = header(answer, "X-TokenLimit-Reset").map(Instant::ofEpochSecond)
			.or(() -> instant(answer.field("resetTime")))
			.or(() -> header(answer, HttpHeaders.RETRY_AFTER).map(now::plusSeconds))
			.orElse(now.plus(DEFAULT_PAUSE));
		Instant latest = now.plus(MAX_PAUSE);
		Instant bounded = reset.isAfter(latest) ? latest : reset;
		return wholeSecondFrom(bounded.isAfter(now) ? bounded : now.plusNanos(1));
	}

	private static Instant wholeSecondFrom(Instant time) {
		return time.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
	}

	private static Optional<Long> header(UpstreamResponse answer, String name) {
		return Optional.ofNullable(answer.header(name)).filter((text) -> text.matches("\\d{1,11}")).map(Long::valueOf);
	}

	private static Optional<Instant> instant(String text) {
		try {
			return Optional.of(Instant.parse(text));
		}
		catch (DateTimeParseException ex) {
			return Optional.empty();
		}
	}

	/**
	 * What a refusal of a session means that came too late to be about the session.
	 */
	static AkashGenException noSession(UpstreamResponse answer) {
		return new AkashGenException.Unavailable("AkashGen gives no session, its session store may be down",
				answer.upstreamMessage(), answer.excerpt());
	}

	/**
	 * What an answer means that nothing more is known of.
	 */
	static AkashGenException unexpected(UpstreamResponse answer) {
		String what = answer.what();
		String said = "AkashGen answered " + answer.status();
		if (answer.isLate()) {
			return new AkashGenException.Timeout("AkashGen did not end its answer in time when asked for " + what,
					answer.excerpt());
		}
		if (answer.status() == 407) {
			return new AkashGenException.Unavailable("The proxy on the way to AkashGen refuses its credentials", null,
					answer.excerpt());
		}
		if (answer.isWebPage()) {
			return new AkashGenException.UnexpectedAnswer(
					said + " with a web page when asked for " + what + ": a challenge or an outage page", null,
					answer.excerpt());
		}
		if (answer.status() == 404 && answer.field("error").equals("Image not found")) {
			return new AkashGenException.UnexpectedAnswer("AkashGen no longer has the image", null, answer.excerpt());
		}
		if (answer.status() >= 500) {
			String message = switch (answer.field("error")) {
				case "Failed to fetch image" -> "AkashGen could not fetch the image from its image service";
				case "Failed to check image status" -> "AkashGen could not ask its image service for the status";
				default -> said + " when asked for " + what;
			};
			return new AkashGenException.Unavailable(message, answer.upstreamMessage(), answer.excerpt());
		}
		if (answer.status() >= 300 && answer.status() < 400) {
			return new AkashGenException.UnexpectedAnswer("AkashGen redirects elsewhere when asked for " + what,
					answer.header(HttpHeaders.LOCATION), answer.excerpt());
		}
		if (!answer.isWhole()) {
			return new AkashGenException.UnexpectedAnswer(said + " when asked for " + what + ", but the answer was "
					+ (answer.isTooLarge() ? "too large" : "cut"), null, answer.excerpt());
		}
		return new AkashGenException.UnexpectedAnswer(
				said + " when asked for " + what + ", in a way that this service does not understand",
				answer.upstreamMessage(), answer.excerpt());
	}

}
