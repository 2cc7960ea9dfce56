package io.github.akashgen2api.akash;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;

import org.springframework.util.unit.DataSize;

/**
 * Asks AkashGen where jobs stand. Only so many questions are under way at a time; the
 * others wait their turn.
 */
final class StatusQuestions {

	/** Room for a picture in base64. */
	static final DataSize MAX_BODY = DataSize.ofMegabytes(24);

	private final Wire wire;

	private final BaseUrl base;

	private final Semaphore places;

	/**
	 * Prepare to ask.
	 * @param base where pictures may lie
	 * @param atOnce how many questions are under way at a time
	 */
	StatusQuestions(Wire wire, BaseUrl base, int atOnce) {
		this.wire = wire;
		this.base = base;
		this.places = new Semaphore(atOnce, true);
	}

	/**
	 * Ask for one job.
	 * @param shelf where pictures go that come with the answer
	 * @throws AkashGenException if AkashGen does not tell
	 */
	JobStatus statusOf(JobId id, PictureShelf shelf) {
		Answer answer = ask(id.value(), shelf);
		if (answer.status() == 404) {
			return new JobStatus.Absent(answer.excerpt());
		}
		JsonNode root = StatusAnswer.json(answer);
		return StatusAnswer.read(root, id, locations(shelf), answer.excerpt());
	}

	/**
	 * Ask for several jobs, in one request.
	 * @param ids two or more, each once
	 * @param shelf where pictures go that come with the answer
	 * @return the status of each job that AkashGen speaks of
	 * @throws AkashGenException if AkashGen does not tell
	 */
	Map<JobId, JobStatus> statusesOf(List<JobId> ids, PictureShelf shelf) {
		Answer answer = ask(ids.stream().map(JobId::value).collect(Collectors.joining(",")), shelf);
		JsonNode root = StatusAnswer.json(answer);
		if (!root.isArray()) {
			throw Judgement.unexpected(answer);
		}
		return StatusAnswer.read(root, ids, locations(shelf), answer.excerpt());
	}

	private BiFunction<JobId, String, Picture.Location> locations(PictureShelf shelf) {
		return (id, result) -> Picture.Location.of(id, result, shelf, this.base);
	}

	private Answer ask(String ids, PictureShelf shelf) {
		this.places.acquireUninterruptibly();
		try {
			return this.wire.exchange(
					(client) -> client.get()
						.uri((uri) -> uri.path("/api/image-status/").queryParam("ids", ids).build()),
					(json) -> new InlinePictures(json, (int) MAX_BODY.toBytes(), shelf));
		}
		finally {
			this.places.release();
		}
	}

}
