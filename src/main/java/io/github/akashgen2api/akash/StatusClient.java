package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.akashgen2api.budget.ProcessorShare;

/**
 * Asks AkashGen where jobs stand. Only so many questions are under way at a time; the
 * others wait their turn.
 */
final class StatusClient {

	private final UpstreamClient upstream;

	private final BaseUrl base;

	private final ImageSink images;

	private final Semaphore places;

	private final ProcessorShare processors;

	/**
	 * Prepare to ask.
	 * @param base where images may lie
	 * @param images where images go that come with an answer
	 * @param processors which read large answers
	 * @param atOnce how many questions are under way at a time
	 */
	StatusClient(UpstreamClient upstream, BaseUrl base, ImageSink images, ProcessorShare processors, int atOnce) {
		this.upstream = upstream;
		this.base = base;
		this.images = images;
		this.processors = processors;
		this.places = new Semaphore(atOnce, true);
	}

	/**
	 * Ask for one job.
	 * @throws AkashGenException if AkashGen does not tell
	 */
	JobStatus statusOf(JobId id) {
		return Objects.requireNonNull(ask(List.of(id), (answer) -> {
			if (answer.status() == 404) {
				return Map.of(id, new JobStatus.Absent(answer.excerpt()));
			}
			throw UpstreamErrorMapper.unexpected(answer);
		}).get(id));
	}

	/**
	 * Ask for several jobs, in one request.
	 * @param ids two or more, each once
	 * @return the status of each job that AkashGen speaks of
	 * @throws AkashGenException if AkashGen does not tell
	 */
	Map<JobId, JobStatus> statusesOf(List<JobId> ids) {
		return ask(ids, (answer) -> {
			throw UpstreamErrorMapper.unexpected(answer);
		});
	}

	private Map<JobId, JobStatus> ask(List<JobId> ids, Function<UpstreamResponse, Map<JobId, JobStatus>> otherwise) {
		String joined = ids.stream().map(JobId::value).collect(Collectors.joining(","));
		this.places.acquireUninterruptibly();
		try {
			return this.upstream.exchange(this.upstream.get("/api/image-status/?ids=" + joined),
					(response) -> read(response, ids), otherwise);
		}
		finally {
			this.places.release();
		}
	}

	/** What was told before the connection was lost counts. */
	private Map<JobId, JobStatus> read(StreamedResponse response, List<JobId> ids) {
		InputStream body = this.processors.inTurn(response.body());
		StatusReader reader = new StatusReader(body, ids, this.images, this.base, response::excerpt);
		boolean isWhole = true;
		UpstreamResponse.End end = UpstreamResponse.End.PROPER;
		try (body) {
			reader.read();
		}
		catch (IOException ex) {
			isWhole = false;
			end = response.endAfter(ex);
		}
		Map<JobId, JobStatus> statuses = reader.statuses();
		if (!statuses.isEmpty()) {
			return statuses;
		}
		UpstreamResponse answer = response.answer(reader.start(), end);
		if (!isWhole || (ids.size() > 1 && !reader.isArray())) {
			throw UpstreamErrorMapper.unexpected(answer);
		}
		// "Job not found: …" or an object: answers of 2025 for an unknown job.
		return (ids.size() > 1) ? Map.of() : Map.of(ids.getFirst(), new JobStatus.Absent(answer.excerpt()));
	}

}
