package io.github.akashgen2api.akash;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;

/**
 * Reads AkashGen's answer to "where do these jobs stand": an array with a row for each
 * job asked for. Its keys come and go, and it travels as {@code text/plain}.
 */
final class StatusAnswer {

	private static final Set<String> PENDING = Set.of("waiting", "pending");

	private StatusAnswer() {
	}

	/**
	 * The JSON of an answer that tells something.
	 * @throws AkashGenException if it tells nothing
	 */
	static JsonNode json(Answer answer) {
		if (answer.status() != 200 || !answer.isWhole()) {
			throw Judgement.unexpected(answer);
		}
		return answer.json().orElseThrow(() -> Judgement.unexpected(answer));
	}

	/**
	 * Read what is said of a job that was asked for alone.
	 * @param root the body's JSON
	 * @param locations understands what a job resulted in
	 * @param answer what to remember of the answer
	 * @return the job's status; {@link JobStatus.Absent} where nothing is said of it
	 */
	static JobStatus read(JsonNode root, JobId id, BiFunction<JobId, String, Picture.Location> locations,
			Excerpt answer) {
		JsonNode row = rows(root, List.of(id)).get(id);
		if (row != null) {
			return statusOf(id, row, locations, answer);
		}
		boolean isTheOnlyOne = root.isArray() && root.size() == 1 && root.get(0).isObject()
				&& root.get(0).path("job_id").isMissingNode();
		// "Job not found: …" or an object: answers of 2025 for an unknown job.
		return isTheOnlyOne ? statusOf(id, root.get(0), locations, answer) : new JobStatus.Absent(answer);
	}

	/**
	 * Read what is said of several jobs. Their order says nothing; of two rows of one
	 * job, the first counts.
	 * @param root the body's JSON
	 * @param locations understands what a job resulted in
	 * @param answer what to remember of the answer; of each job, only its own row is
	 * @return the status of each job of which something is said
	 */
	static Map<JobId, JobStatus> read(JsonNode root, List<JobId> ids,
			BiFunction<JobId, String, Picture.Location> locations, Excerpt answer) {
		Map<JobId, JobStatus> statuses = new HashMap<>();
		rows(root, ids).forEach((id, row) -> statuses.put(id, statusOf(id, row, locations, excerpt(row, answer))));
		return statuses;
	}

	private static Map<JobId, JsonNode> rows(JsonNode root, List<JobId> ids) {
		Map<String, JobId> asked = ids.stream().collect(Collectors.toMap(JobId::value, Function.identity()));
		Map<JobId, JsonNode> rows = new HashMap<>();
		if (root.isArray()) {
			for (JsonNode row : root) {
				JobId id = asked.get(row.path("job_id").asString(""));
				if (id != null) {
					rows.putIfAbsent(id, row);
				}
			}
		}
		return rows;
	}

	/**
	 * A row is not written out to remember its start where it holds a picture of
	 * megabytes, nor where it says what most say, every second, of thousands of jobs.
	 */
	private static Excerpt excerpt(JsonNode row, Excerpt answer) {
		boolean isWorthIt = !PENDING.contains(word(row))
				&& row.path("result").asString("").length() <= AkashGenException.MAX_WORDS;
		return isWorthIt ? Excerpt.of(answer.status(), answer.contentType(), row.toString()) : answer;
	}

	private static String word(JsonNode row) {
		return capped(row.path("status").asString(""));
	}

	private static JobStatus statusOf(JobId id, JsonNode row, BiFunction<JobId, String, Picture.Location> locations,
			Excerpt answer) {
		String word = word(row);
		String result = row.path("result").asString("").strip();
		return switch (word.strip().toLowerCase(Locale.ROOT)) {
			case "waiting", "pending" -> new JobStatus.Pending(row.path("queue_position").asInt(0), answer);
			case "succeeded", "completed" -> ended(id, row, result, locations, answer);
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

	private static JobStatus ended(JobId id, JsonNode row, String result,
			BiFunction<JobId, String, Picture.Location> locations, Excerpt answer) {
		if (result.isEmpty()) {
			return new JobStatus.SucceededEmpty(answer);
		}
		if (result.startsWith("Failed")) {
			return new JobStatus.Failed(capped(result), answer);
		}
		return new JobStatus.Succeeded(locations.apply(id, result), painting(row), answer);
	}

	/** In seconds, and no longer than a day. */
	private static Duration painting(JsonNode row) {
		return Duration.ofMillis((long) (1000 * Math.clamp(row.path("elapsed_time").asDouble(0), 0, 86_400)));
	}

}
