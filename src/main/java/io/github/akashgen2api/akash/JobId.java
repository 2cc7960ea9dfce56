package io.github.akashgen2api.akash;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * AkashGen's name for a job; a UUID in practice. It travels in URLs of both sides, so
 * only a plain token is one.
 *
 * @param value 1 to 128 letters, digits, hyphens and underscores
 */
public record JobId(String value) {

	private static final Pattern PLAIN_TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

	/** What AkashGen prints where its image service gave no id (seen in August 2025). */
	private static final Set<String> NO_IDS = Set.of("undefined", "null");

	/**
	 * Make a job id.
	 * @throws IllegalArgumentException if the value is no job id
	 */
	public JobId {
		if (!isJobId(value)) {
			throw new IllegalArgumentException("must be 1 to 128 letters, digits, '-' or '_'");
		}
	}

	static boolean isJobId(String value) {
		return PLAIN_TOKEN.matcher(value).matches() && !NO_IDS.contains(value);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
