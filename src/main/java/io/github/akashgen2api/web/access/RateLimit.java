package io.github.akashgen2api.web.access;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/**
 * How often something may be done.
 *
 * @param times so often at most
 * @param period within each of these, one after the other
 */
record RateLimit(int times, Duration period) {

	private static final Pattern RATE = Pattern.compile("([1-9]\\d{0,6})\\s*/\\s*([1-9]\\d{0,5}(?:ms|s|m|h|d))");

	private static final Duration MAX_PERIOD = Duration.ofDays(1);

	/**
	 * Read a rate as an operator writes it.
	 * @param text {@code 30/1m}, for thirty times in each minute; blank means that there
	 * is no limit
	 * @return the limit, or {@code null} where there is none
	 * @throws IllegalArgumentException if it is anything else
	 */
	public static @Nullable RateLimit valueOf(String text) {
		if (text.isBlank()) {
			return null;
		}
		Matcher rate = RATE.matcher(text.strip());
		if (!rate.matches()) {
			throw new IllegalArgumentException("must be a number of requests and a time, such as 30/1m");
		}
		Duration period = DurationStyle.SIMPLE.parse(rate.group(2));
		if (period.compareTo(MAX_PERIOD) > 0) {
			throw new IllegalArgumentException("must be for a time of a day at most");
		}
		return new RateLimit(Integer.parseInt(rate.group(1)), period);
	}

}
