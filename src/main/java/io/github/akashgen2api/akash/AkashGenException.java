package io.github.akashgen2api.akash;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * AkashGen did not do what it was asked. The message says in words of ours what happened,
 * for an operator; {@link #upstreamMessage()} are AkashGen's own.
 */
public abstract sealed class AkashGenException extends RuntimeException {

	/** What is passed on of AkashGen's words at most, in characters. */
	static final int MAX_WORDS = 1000;

	private final String words;

	private final transient @Nullable ResponseExcerpt answer;

	private AkashGenException(String message, @Nullable String words, @Nullable ResponseExcerpt answer,
			@Nullable Throwable cause) {
		super(message, cause);
		this.words = (words != null) ? words.substring(0, Math.min(words.length(), MAX_WORDS)) : "";
		this.answer = answer;
	}

	/**
	 * What AkashGen itself said, or the network of it, 1000 characters at most; empty
	 * where nothing was said.
	 */
	public String upstreamMessage() {
		return this.words;
	}

	/**
	 * The answer that was judged; {@code null} where none came.
	 */
	public @Nullable ResponseExcerpt answer() {
		return this.answer;
	}

	/** An unknown host has no message, but says it by its name. */
	private static String reason(Throwable thrown) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(thrown);
		String name = cause.getClass().getSimpleName();
		return (cause.getMessage() != null) ? name + ": " + cause.getMessage() : name;
	}

	/** It cannot be reached, or is in trouble, and did nothing: later may work. */
	public static final class Unavailable extends AkashGenException {

		private final @Nullable Duration retryAfter;

		Unavailable(String message, @Nullable String words, @Nullable ResponseExcerpt answer) {
			super(message, words, answer, null);
			this.retryAfter = null;
		}

		Unavailable(String message, String words, Throwable cause) {
			super(message, words, null, cause);
			this.retryAfter = null;
		}

		Unavailable(String message, Throwable cause) {
			super(message, reason(cause), null, cause);
			this.retryAfter = null;
		}

		/** Without having been asked: it is known to be down. */
		Unavailable(String message, Duration retryAfter) {
			super(message, null, null, null);
			this.retryAfter = retryAfter;
		}

		/**
		 * When it may be back; {@code null} where nobody knows.
		 */
		public @Nullable Duration retryAfter() {
			return this.retryAfter;
		}

	}

	/** The connection was lost without an answer. What was requested may still happen. */
	public static final class ConnectionLost extends AkashGenException {

		ConnectionLost(String message, Throwable cause) {
			super(message, reason(cause), null, cause);
		}

	}

	/** It did not answer in time. What was requested may still happen. */
	public static final class Timeout extends AkashGenException {

		/**
		 * Give up waiting for an answer, or for several.
		 */
		public Timeout(String message) {
			super(message, null, null, null);
		}

		Timeout(String message, Throwable cause) {
			super(message, null, null, cause);
		}

		Timeout(String message, ResponseExcerpt answer) {
			super(message, null, answer, null);
		}

	}

	/** It refuses even a new session: the operator has to look. */
	public static final class SessionRefused extends AkashGenException {

		SessionRefused(String message, @Nullable String words, ResponseExcerpt answer) {
			super(message, words, answer, null);
		}

	}

	/** The allowance, which all callers share, is used up until a known time. */
	public static final class RateLimited extends AkashGenException {

		private final Instant until;

		RateLimited(Instant until, @Nullable String words, @Nullable ResponseExcerpt answer) {
			super("AkashGen's allowance is used up until " + until, words, answer, null);
			this.until = until;
		}

		/**
		 * When AkashGen may be asked again.
		 */
		public Instant until() {
			return this.until;
		}

	}

	/** The conversation itself is refused: it is too long. */
	public static final class PromptRefused extends AkashGenException {

		PromptRefused(String words, ResponseExcerpt answer) {
			super("AkashGen refused the text", words, answer, null);
		}

	}

	/** No job was queued: it answered in words. */
	public static final class TextAnswer extends AkashGenException {

		private final String text;

		TextAnswer(String text, ResponseExcerpt answer) {
			super("AkashGen queued no image", text, answer, null);
			this.text = text;
		}

		/**
		 * All that it said.
		 */
		public String text() {
			return this.text;
		}

	}

	/** A job was spoken of, but without a usable id. */
	public static final class MissingJobId extends AkashGenException {

		MissingJobId(String words, ResponseExcerpt answer) {
			super("AkashGen queued no image", words, answer, null);
		}

	}

	/** The answer is not one of those that AkashGen is known to give. */
	public static final class UnexpectedAnswer extends AkashGenException {

		UnexpectedAnswer(String message, @Nullable String words, ResponseExcerpt answer) {
			super(message, words, answer, null);
		}

	}

	/**
	 * The job is done, but what it points to is no image: asking again will not help.
	 */
	public static final class InvalidImage extends AkashGenException {

		InvalidImage(String message, String words) {
			super(message, words, null, null);
		}

	}

}
