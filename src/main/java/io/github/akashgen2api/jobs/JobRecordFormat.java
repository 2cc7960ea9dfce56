package io.github.akashgen2api.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.github.akashgen2api.akash.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records of jobs as JSON. Also reads the records of versions before December 2026.
 */
final class JobRecordFormat {

	private static final Logger logger = LoggerFactory.getLogger(JobRecordFormat.class);

	private static final TypeReference<List<@Nullable Message>> MESSAGES = new TypeReference<>() {
	};

	private final JsonMapper json;

	JobRecordFormat(JsonMapper json) {
		this.json = json;
	}

	String write(JobRecord kept) {
		return this.json.writeValueAsString(kept);
	}

	String writeMessages(List<Message> messages) {
		return this.json.writeValueAsString(messages);
	}

	/** Empty if they cannot be read. */
	List<Message> readMessages(String text) {
		try {
			List<@Nullable Message> messages = this.json.readValue(text, MESSAGES);
			return messages.stream().map(JobRecordFormat::checked).toList();
		}
		catch (JacksonException | NullPointerException ex) {
			logger.warn("Cannot read the messages of a job, which are ignored: {}", ex.getClass().getSimpleName());
			return List.of();
		}
	}

	private static Message checked(@Nullable Message message) {
		Objects.requireNonNull(message);
		Objects.requireNonNull(message.role());
		Objects.requireNonNull(message.content());
		return message;
	}

	/** Empty if it cannot be read, which is logged without its content. */
	Optional<JobRecord> read(String text) {
		try {
			JsonNode node = this.json.readTree(text);
			return Optional.of(node.has("state") ? this.json.treeToValue(node, JobRecord.class)
					: this.json.treeToValue(node, FormerJobRecord.class).toRecord());
		}
		catch (JacksonException | IllegalArgumentException | NullPointerException ex) {
			logger.warn("Cannot read the record of a job, which is ignored: {}", ex.getClass().getSimpleName());
			return Optional.empty();
		}
	}

	/**
	 * The record of a version before December 2026.
	 *
	 * @param id AkashGen's id
	 * @param request the digest of the request
	 * @param isOpen whether the image was still to come
	 * @param isWanted whether the same request may take it up
	 */
	private record FormerJobRecord(String id, String prompt, String negativePrompt, Instant since, String request,
			@Nullable String idempotencyKey, boolean isOpen, boolean isWanted, @Nullable Integer suspicion) {

		JobRecord toRecord() {
			return new JobRecord(ImageJob.generateId(this.since), "-", this.request, this.idempotencyKey, this.since,
					this.isOpen ? ImageJob.State.SUBMITTED : ImageJob.State.LOST, this.id, this.prompt,
					this.negativePrompt, !this.isWanted, (this.suspicion != null) ? this.suspicion : 0, "", Map.of(),
					List.of(), null, null, null);
		}

	}

}
