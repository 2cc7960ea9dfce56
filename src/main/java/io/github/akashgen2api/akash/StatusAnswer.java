package io.github.akashgen2api.akash;

import java.util.Locale;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * Reads AkashGen's answer to "where does this job stand": an array with a row for each
 * job asked for. Its keys come and go, and it travels as {@code text/plain}.
 */
final class StatusAnswer {

	private StatusAnswer() {
	}

	/**
	 * Read what is said of a job.
	 * @param root the body's JSON
	 * @param id the job that was asked for
	 * @param base where AkashGen is
	 * @param answer what to remember of the answer
	 * @return the job's status; {@link JobStatus.Absent} where nothing is said of it
	 */
	static JobStatus read(JsonNode root, JobId id, BaseUrl base, Excerpt answer) {
		return row(root, id).map((row) -> statusOf(row, base, answer)).orElseGet(() -> new JobStatus.Absent(answer));
	}

	private static Optional<JsonNode> row(JsonNode root, JobId id) {
		if (!root.isArray()) {
			// "Job not found: …" or an object: answers of 2025 for an unknown job.
			return Optional.empty();
		}
		for (JsonNode row : root) {
			if (id.value().equals(row.path("job_id").asString(""))) {
				return Optional.of(row);
			}
		}
		boolean isTheOnlyOne = root.size() == 1 && root.get(0).isObject() && root.get(0).path("job_id").isMissingNode();
		return isTheOnlyOne ? Optional.of(root.get(0)) : Optional.empty();
	}

	private static JobStatus statusOf(JsonNode row, BaseUrl base, Excerpt answer) {
		String word = capped(row.path("status").asString(""));
		String result = row.path("result").asString("").strip();
		return switch (word.strip().toLowerCase(Locale.ROOT)) {
			case "waiting", "pending" -> new JobStatus.Pending(row.path("queue_position").asInt(0), answer);
			case "succeeded", "completed" -> ended(result, base, answer);
			case "failed", "cancelled", "timeout",
					"error" ->
				new JobStatus.Failed(
						result.isEmpty() ? "AkashGen ended the job with the status '" + word + "'" : capped(result),
						answer);
			default -> new JobStatus.Unrecognised(word, answer);
		};
	}

	/** A result may be a picture of megabytes; as a reason it is for reading. */
	private static String capped(String words) {
		return words.substring(0, Math.min(words.length(), AkashGenException.MAX_WORDS));
	}

	private static JobStatus ended(String result, BaseUrl base, Excerpt answer) {
		if (result.isEmpty()) {
			return new JobStatus.SucceededEmpty(answer);
		}
		if (result.startsWith("Failed")) {
			return new JobStatus.Failed(capped(result), answer);
		}
		return new JobStatus.Succeeded(Picture.Location.of(result, base), answer);
	}

}
