package io.github.akashgen2api.generation;

import java.util.regex.Pattern;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.ResponseExcerpt;
import io.github.akashgen2api.polling.PollingException;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Keeps AkashGen's words out of the log, as they repeat the prompt; their length stands
 * there. With {@code LOG_PROMPTS} they are logged.
 */
@Component
public class LogRedactor {

	private final boolean logsWords;

	LogRedactor(GenerationProperties settings) {
		this.logsWords = settings.logPrompts();
	}

	/**
	 * A text about a failure, fit for the log: printable, of 200 characters at most.
	 * @param failure what AkashGen's words came with; {@code null} where there are none
	 */
	public String text(String text, @Nullable Throwable failure) {
		String words = wordsOf(failure);
		return ResponseExcerpt.printable((this.logsWords || words.isEmpty()) ? text : redacted(text, words));
	}

	/** A short word of AkashGen's may be part of a longer one of ours. */
	private static String redacted(String text, String words) {
		return Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(words) + "(?![\\p{L}\\p{N}])")
			.matcher(text)
			.replaceAll(words.length() + " characters");
	}

	/**
	 * An answer of AkashGen's.
	 * @param answer {@code null} where none came
	 */
	public String answer(@Nullable ResponseExcerpt answer) {
		if (answer == null) {
			return "-";
		}
		return this.logsWords ? answer.withWords() : answer.toString();
	}

	/**
	 * Whether the messages of an exception and of its causes may be logged.
	 */
	public boolean mayLogMessages(Throwable failure) {
		return this.logsWords || wordsOf(failure).isEmpty();
	}

	private static String wordsOf(@Nullable Throwable failure) {
		return switch (failure) {
			case null -> "";
			case PollingException ex when !ex.upstreamMessage().isEmpty() -> ex.upstreamMessage();
			// Those with a cause have the network's words.
			case AkashGenException ex when ex.getCause() == null -> ex.upstreamMessage();
			default -> wordsOf(failure.getCause());
		};
	}

}
