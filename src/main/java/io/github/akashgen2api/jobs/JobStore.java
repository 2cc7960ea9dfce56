package io.github.akashgen2api.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The records of jobs, which outlive the process. Each method may be called by several
 * threads at once. Nothing is thrown if the records cannot be written: then they are kept
 * in memory until they can be, and the log says so.
 */
interface JobStore extends AutoCloseable {

	/**
	 * Insert a new job with an {@code Idempotency-Key}, unless there is one with the
	 * same.
	 * @param oldest the time of the oldest job whose key still counts
	 * @return the job that has the key already; empty if the new one was inserted
	 */
	Optional<ImageJob> claim(ImageJob job, Instant oldest);

	/**
	 * Insert or replace the record of a job. Returns when it outlives the process.
	 */
	void save(ImageJob job);

	/**
	 * Insert or replace the record of a job, some time within the next second.
	 */
	void saveLater(ImageJob job);

	/**
	 * The job with an {@code Idempotency-Key}.
	 * @param idempotencyKey the digest of the key
	 */
	Optional<ImageJob> findByIdempotencyKey(String idempotencyKey);

	/**
	 * The ids of the jobs of a request without an {@code Idempotency-Key} whose image
	 * nobody has been told of, oldest first.
	 * @param digest the digest of the request
	 * @param oldest the time of the oldest one to find
	 * @param limit how many to find at most
	 */
	List<String> findUndelivered(String digest, Instant oldest, int limit);

	/**
	 * The job with an id.
	 */
	Optional<ImageJob> find(String id);

	/**
	 * Have the jobs of the last process restored that are open or were given up, as soon
	 * as they can be read: a process that has not ended yet may hold them.
	 */
	void restore(Consumer<List<ImageJob>> restored);

	/**
	 * Remove the records that nobody can want any longer.
	 * @param replayable the time of the oldest job whose {@code Idempotency-Key} counts
	 * @param adoptable the time of the oldest job that the same request may take up
	 */
	void removeExpired(Instant replayable, Instant adoptable);

	/**
	 * Remove the record of a job.
	 */
	void delete(ImageJob job);

	@Override
	void close();

}
