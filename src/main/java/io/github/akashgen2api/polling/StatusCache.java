package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.futures.Futures;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the status of jobs that this service does not poll, for the poll interval;
 * what AkashGen does not know or tell, for longer each time. However many ask for a job
 * at the same time, AkashGen is asked once.
 */
final class StatusCache {

	private static final int MAX_REMEMBERED = 10_000;

	/** How long an error is remembered at first: it may be over in a moment. */
	private static final Duration ERROR = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofSeconds(30);

	private final Duration interval;

	/** How many lookups in a row told nothing of a job. */
	private final Cache<JobId, Integer> failures;

	private final AsyncCache<JobId, Entry> entries;

	StatusCache(Duration interval) {
		Executor threads = Executors.newVirtualThreadPerTaskExecutor();
		this.interval = interval;
		this.failures = Caffeine.newBuilder()
			.executor(threads)
			.maximumSize(MAX_REMEMBERED)
			.expireAfterWrite(longer(interval, LONGEST).multipliedBy(2))
			.build();
		this.entries = Caffeine.newBuilder()
			.executor(threads)
			.maximumSize(MAX_REMEMBERED)
			.expireAfter(Expiry.<JobId, Entry>writing((_, entry) -> memoryOf(entry)))
			.buildAsync();
	}

	private Duration memoryOf(Entry entry) {
		Duration first = (entry.error() != null) ? shorter(this.interval, ERROR) : this.interval;
		Duration doubled = first.multipliedBy(1L << Math.clamp(entry.failures() - 1L, 0, 30));
		return longer(first, shorter(doubled, LONGEST));
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	/**
	 * Where a job stands.
	 * @param lookup asks AkashGen
	 * @throws RuntimeException what the lookup throws, or threw a while ago
	 */
	JobStatus statusOf(JobId id, Function<JobId, JobStatus> lookup) {
		return Futures.join(entryOf(id, lookup)).statusOrThrow();
	}

	/**
	 * The same within a time.
	 * @return the status; empty if it did not come in time
	 */
	Optional<JobStatus> statusOf(JobId id, Function<JobId, JobStatus> lookup, Duration atMost) {
		CompletableFuture<Entry> entry = entryOf(id, lookup);
		return Futures.isDone(entry, atMost) ? Optional.of(Futures.join(entry).statusOrThrow()) : Optional.empty();
	}

	private CompletableFuture<Entry> entryOf(JobId id, Function<JobId, JobStatus> lookup) {
		return this.entries.get(id, (each) -> lookUp(each, lookup));
	}

	private Entry lookUp(JobId id, Function<JobId, JobStatus> lookup) {
		Integer before = this.failures.getIfPresent(id);
		int failures = (before != null) ? before + 1 : 1;
		try {
			JobStatus status = lookup.apply(id);
			if (!(status instanceof JobStatus.Absent)) {
				this.failures.invalidate(id);
				return new Entry(status, null, 0);
			}
			this.failures.put(id, failures);
			return new Entry(status, null, failures);
		}
		catch (AkashGenException ex) {
			this.failures.put(id, failures);
			return new Entry(null, ex, failures);
		}
	}

	/**
	 * The result of a lookup.
	 *
	 * @param status where the job stands; {@code null} if AkashGen did not tell
	 * @param error why AkashGen did not tell; {@code null} if it did
	 * @param failures how many lookups in a row told nothing of the job
	 */
	private record Entry(@Nullable JobStatus status, @Nullable AkashGenException error, int failures) {

		JobStatus statusOrThrow() {
			if (this.status == null) {
				throw Objects.requireNonNull(this.error);
			}
			return this.status;
		}

	}

}
