package io.github.akashgen2api.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import io.github.akashgen2api.akash.Message;
import org.jspecify.annotations.Nullable;

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
	 * Insert or replace the record of a job; or remove the record of a job that was
	 * deleted, and mark its image as deleted. Returns when it outlives the process.
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
	 * The jobs of a key, newest first.
	 * @param key the key's fingerprint
	 * @param before the id of the job after which the page begins; {@code null} for the
	 * first page
	 * @param limit how many to find at most
	 * @return their ids
	 */
	List<String> page(String key, @Nullable String before, int limit);

	/**
	 * The id of the job that AkashGen has given an id.
	 */
	Optional<String> findByUpstreamId(String upstreamId);

	/**
	 * The id of the newest job of a key whose image, or a conversion of it, has a digest.
	 * @param digest the SHA-256, in hexadecimal digits
	 */
	Optional<String> findByImage(String key, String digest);

	/**
	 * What AkashGen was sent for a job; empty if that was not stored.
	 */
	List<Message> messages(String id);

	/**
	 * Whether the image with AkashGen's id was deleted, at most a year ago.
	 */
	boolean isImageDeleted(String upstreamId);

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
	 * @param oldest the time of the oldest job to keep
	 * @param adoptable the time of the oldest job that the same request may take up
	 */
	void removeExpired(Instant oldest, Instant adoptable);

	/**
	 * Erase from the disk what was removed, if that was some time ago. What is removed
	 * until then is erased with it.
	 */
	void eraseRemoved(Duration age);

	/**
	 * Remove the record of a job.
	 */
	void delete(ImageJob job);

	@Override
	void close();

}
