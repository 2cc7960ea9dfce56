package io.github.akashgen2api.akash;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/**
 * Decides what AkashGen's answers that are not what was asked for mean. Neither the
 * status nor the content type tells: 200 may be a failure, and 403 may be about the
 * session, the model or the front end.
 */
final class Judgement {

	private static final Duration DEFAULT_PAUSE = Duration.ofMinutes(1);

	/** AkashGen's window is four hours; what is far beyond it is a mistake. */
	private static final Duration MAX_PAUSE = Duration.ofDays(1);

	private Judgement() {
	}

	/**
	 * Whether an answer to a conversation says that the session is gone. Nothing ran
	 * then.
	 */
	static boolean isInvalidSession(Answer answer) {
		return answer.status() == 403 && answer.field("message").contains("Invalid session");
	}

	/**
	 * Whether an answer says that the access token is not the instance's.
	 */
	static boolean isInvalidAccessToken(Answer answer) {
		return answer.status() == 403
				&& answer.field("error").toLowerCase(Locale.ROOT).contains("invalid access token");
	}

	/**
	 * The job that an answer to a conversation speaks of.
	 * @throws AkashGenException if there is none, saying why
	 */
	static Job job(Answer answer, JsonMapper json, Instant now) {
		return switch (answer.status()) {
			case 200 -> queued(answer, json);
			case 400 -> throw badRequest(answer);
			case 403 -> throw forbidden(answer);
			case 429 -> throw new AkashGenException.RateLimited(reset(answer, now), answer.words(), answer.excerpt());
			default -> throw unexpected(answer);
		};
	}

	private static Job queued(Answer answer, JsonMapper json) {
		ChatAnswer read = ChatAnswer.read(answer.text(), json);
		if (!answer.isWhole() && !(read instanceof ChatAnswer.Queued)) {
			// Only a job's id is worth having from half an answer.
			throw unexpected(answer);
		}
		return switch (read) {
			case ChatAnswer.Queued queued -> queued.job();
			case ChatAnswer.Nameless nameless -> throw new AkashGenException.NoJob(nameless.text(), answer.excerpt());
			case ChatAnswer.Words words -> throw new AkashGenException.AnsweredInWords(words.text(), answer.excerpt());
			case ChatAnswer.Trouble trouble -> throw trouble(trouble.text(), answer);
			case ChatAnswer.Unreadable _ -> throw unexpected(answer);
		};
	}

	private static AkashGenException trouble(String text, Answer answer) {
		String message = "AkashGen reported an error";
		if (text.contains("Invalid model name") && text.contains("AkashGen")) {
			// How the version of July 2025 says that painting failed; the cause is
			// hidden.
			message = "AkashGen could not generate the picture";
		}
		else if (text.contains("429") || text.toLowerCase(Locale.ROOT).contains("rate limit")) {
			message = "AkashGen is busy";
		}
		return new AkashGenException.Unavailable(message, text, answer.excerpt());
	}

	private static AkashGenException badRequest(Answer answer) {
		if (answer.isWebPage()) {
			return unexpected(answer);
		}
		return new AkashGenException.PromptRefused(answer.words(), answer.excerpt());
	}

	private static AkashGenException forbidden(Answer answer) {
		if (isInvalidSession(answer)) {
			return new AkashGenException.SessionRefused("AkashGen refused two sessions in a row", answer.words(),
					answer.excerpt());
		}
		if (answer.field("error").equals("Model not available")) {
			return new AkashGenException.Unavailable("AkashGen does not offer its picture model now", answer.words(),
					answer.excerpt());
		}
		return unexpected(answer);
	}

	private static Instant reset(Answer answer, Instant now) {
		Instant reset = header(answer, "X-TokenLimit-Reset").map(Instant::ofEpochSecond)
			.or(() -> instant(answer.field("resetTime")))
			.or(() -> header(answer, HttpHeaders.RETRY_AFTER).map(now::plusSeconds))
			.orElse(now.plus(DEFAULT_PAUSE));
		if (reset.isAfter(now.plus(MAX_PAUSE))) {
			return now.plus(MAX_PAUSE);
		}
		return reset.isAfter(now) ? reset : now.plusSeconds(1);
	}

	private static Optional<Long> header(Answer answer, String name) {
		@Nullable String value = answer.headers().getFirst(name);
		return Optional.ofNullable(value).filter((text) -> text.matches("\\d{1,11}")).map(Long::valueOf);
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
	 * What an answer means that nothing more is known of.
	 */
	static AkashGenException unexpected(Answer answer) {
		String what = answer.what();
		String said = "AkashGen answered " + answer.status();
		if (answer.isLate()) {
			return new AkashGenException.TooLate("AkashGen did not end its answer in time when asked for " + what,
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
		if (answer.status() >= 500) {
			return new AkashGenException.Unavailable(said + " when asked for " + what, answer.words(),
					answer.excerpt());
		}
		if (answer.status() >= 300 && answer.status() < 400) {
			return new AkashGenException.UnexpectedAnswer("AkashGen redirects elsewhere when asked for " + what,
					answer.headers().getFirst(HttpHeaders.LOCATION), answer.excerpt());
		}
		if (!answer.isWhole()) {
			return new AkashGenException.UnexpectedAnswer(
					said + " when asked for " + what + ", but the answer was cut or too large", null, answer.excerpt());
		}
		return new AkashGenException.UnexpectedAnswer(
				said + " when asked for " + what + ", in a way that this service does not understand", answer.words(),
				answer.excerpt());
	}

}
