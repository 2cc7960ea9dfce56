package io.github.akashgen2api.web.access;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/**
 * The maximum rate of requests.
 *
 * @param requests the number of requests in one period
 * @param period the length of each period
 */
record RateLimit(int requests, Duration period) {

	private static final Pattern RATE = Pattern.compile("([1-9]\\d{0,6})\\s*/\\s*([1-9]\\d{0,5}(?:ms|s|m|h|d))");

	private static final Duration MAX_PERIOD = Duration.ofDays(1);

	/**
	 * Parse the setting.
	 * @param text a number of requests and a period, such as {@code 30/1m}
	 * @return {@code null} if the text is blank
	 * @throws IllegalArgumentException if the text is not a rate, or the period is longer
	 * than a day
	 */
	public static @Nullable RateLimit valueOf(String text) {
		if (text.isBlank()) {
			return null;
		}
		Matcher rate = RATE.matcher(text.strip());
		if (!rate.matches()) {
			throw new IllegalArgumentException("must be a number of requests and a period, such as 30/1m");
		}
		Duration period = DurationStyle.SIMPLE.parse(rate.group(2));
		if (period.compareTo(MAX_PERIOD) > 0) {
			throw new IllegalArgumentException("period must be at most 1d");
		}
		return new RateLimit(Integer.parseInt(rate.group(1)), period);
	}

}
