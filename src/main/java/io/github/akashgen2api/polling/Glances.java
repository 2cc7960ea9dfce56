package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * What was last seen of jobs that are not followed. It is remembered for an interval;
 * what AkashGen does not know or tell, for longer each time.
 */
final class Glances {

	private static final int MAX_REMEMBERED = 10_000;

	/** How long trouble is remembered at first: it may be over in a moment. */
	private static final Duration TROUBLE = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofSeconds(30);

	private final Duration interval;

	/** How often in a row nothing was learnt of a job. */
	private final Cache<JobId, Integer> inVain;

	private final AsyncCache<JobId, Glance> glances;

	Glances(Duration interval, Executor threads) {
		this.interval = interval;
		this.inVain = Caffeine.newBuilder()
			.executor(threads)
			.maximumSize(MAX_REMEMBERED)
			.expireAfterWrite(longer(interval, LONGEST).multipliedBy(2))
			.build();
		this.glances = Caffeine.newBuilder()
			.executor(threads)
			.maximumSize(MAX_REMEMBERED)
			.expireAfter(Expiry.<JobId, Glance>writing((_, glance) -> memoryOf(glance)))
			.buildAsync();
	}

	/** A finished job is remembered by its picture, which may be large, elsewhere. */
	private Duration memoryOf(Glance glance) {
		if (glance.status() instanceof JobStatus.Succeeded) {
			return Duration.ZERO;
		}
		Duration first = (glance.trouble() != null) ? shorter(this.interval, TROUBLE) : this.interval;
		Duration doubled = first.multipliedBy(1L << Math.clamp(glance.inVain() - 1L, 0, 30));
		return longer(first, shorter(doubled, LONGEST));
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	/**
	 * How a job stands.
	 * @param question asks AkashGen
	 * @throws RuntimeException what the question throws, or threw a while ago
	 */
	JobStatus of(JobId id, Function<JobId, JobStatus> question) {
		Glance glance = this.glances.synchronous().get(id, (_) -> look(id, question));
		return glance.statusOrThrow();
	}

	private Glance look(JobId id, Function<JobId, JobStatus> question) {
		Integer before = this.inVain.getIfPresent(id);
		int inVain = (before != null) ? before + 1 : 1;
		try {
			JobStatus status = question.apply(id);
			if (!(status instanceof JobStatus.Absent)) {
				this.inVain.invalidate(id);
				return new Glance(status, null, 0);
			}
			this.inVain.put(id, inVain);
			return new Glance(status, null, inVain);
		}
		catch (AkashGenException ex) {
			this.inVain.put(id, inVain);
			return new Glance(null, ex, inVain);
		}
	}

	/**
	 * What a look at a job has shown.
	 *
	 * @param status how the job stands; {@code null} where AkashGen did not tell
	 * @param trouble what AkashGen did instead; {@code null} where it told
	 * @param inVain how often in a row nothing was learnt
	 */
	private record Glance(@Nullable JobStatus status, @Nullable AkashGenException trouble, int inVain) {

		JobStatus statusOrThrow() {
			if (this.status == null) {
				throw Objects.requireNonNull(this.trouble);
			}
			return this.status;
		}

	}

}
