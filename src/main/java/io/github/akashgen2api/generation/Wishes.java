package io.github.akashgen2api.generation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.jobs.JobRecord;
import io.github.akashgen2api.jobs.KeptJobs;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The pictures that were asked for, so that who asks again gets the one that he never
 * got, or that he means by his {@code Idempotency-Key}.
 */
@Component
class Wishes {

	private static final Duration CLEANING = Duration.ofMinutes(1);

	/**
	 * Whether a caller has left is asked of the system: not of thousands who wait for the
	 * same, at each request.
	 */
	private static final int LOOKS = 16;

	private final KeptJobs jobs;

	private final InstantSource clock;

	/** Those without a key that were not delivered yet; looked at in turn. */
	private final Map<String, SequencedSet<Wish>> byRequest = new HashMap<>();

	private final Map<String, Wish> byIdempotencyKey = new HashMap<>();

	/** In milliseconds since 1970. */
	private final AtomicLong cleaned;

	Wishes(KeptJobs jobs, InstantSource clock) {
		this.jobs = jobs;
		this.clock = clock;
		this.cleaned = new AtomicLong(clock.millis());
	}

	/**
	 * Remember a wish from before a restart, unless its key has come again since.
	 */
	synchronized Wish recall(JobRecord kept) {
		Wish wish = new Wish(kept);
		boolean isToBeFound = (kept.idempotencyKey() != null)
				? !this.byIdempotencyKey.containsKey(kept.idempotencyKey()) : kept.isWanted();
		return isToBeFound ? add(wish) : wish;
	}

	/**
	 * Have a caller's picture made, unless he has asked for it before.
	 * @param begin has the picture of a wish made, or takes up its job; does not wait
	 * @throws IdempotencyKeyReusedException if his key came with another request before
	 */
	synchronized GenerationHandle grant(RequestIdentity caller, Function<Wish, GenerationHandle> begin) {
		clean();
		Wish found = find(caller);
		if (found == null && caller.former() != null) {
			found = find(caller.former());
		}
		Wish wish = (found != null) ? found : add(new Wish(caller, this.clock.instant()));
		wish.join(caller.isGone());
		GenerationHandle generation = wish.generation();
		if (generation == null) {
			generation = begin.apply(wish);
			wish.begun(generation);
		}
		if (wish.idempotencyKey() != null) {
			// Replays are many, and it is not taken up by any other request.
			var _ = generation.end().whenComplete((_, _) -> wish.leave(caller.isGone()));
		}
		return generation.whenLeft(() -> wish.leave(caller.isGone()));
	}

	/**
	 * Have a wish met by nobody, unless somebody wants it. From then on it is not found.
	 * @return whether nobody wants it
	 */
	synchronized boolean abandon(Wish wish) {
		if (wish.isWanted()) {
			return false;
		}
		// There is no job to tell of.
		wish.course().tell();
		giveUp(wish);
		return true;
	}

	/**
	 * AkashGen has named a wish's job.
	 * @return completes when it is kept
	 */
	synchronized CompletableFuture<Void> queued(Wish wish, Job job) {
		wish.queued(job, this.clock.instant());
		return this.jobs.keep(wish.record(job));
	}

	private @Nullable Wish find(RequestIdentity caller) {
		return (caller.idempotencyKey() != null) ? replay(caller, caller.idempotencyKey()) : adopt(caller);
	}

	private @Nullable Wish replay(RequestIdentity caller, String idempotencyKey) {
		Wish wish = this.byIdempotencyKey.get(idempotencyKey);
		if (wish == null || !this.jobs.mayBeReplayed(wish.since())) {
			return null;
		}
		if (!wish.request().equals(caller.request())) {
			throw new IdempotencyKeyReusedException();
		}
		return wish;
	}

	private @Nullable Wish adopt(RequestIdentity caller) {
		SequencedSet<Wish> wishes = this.byRequest.getOrDefault(caller.request(), new LinkedHashSet<>());
		for (int i = 0; i < Math.min(LOOKS, wishes.size()); i++) {
			Wish wish = wishes.getFirst();
			if (this.jobs.mayBeAdopted(wish.since()) && wish.isLeft()) {
				return wish;
			}
			wishes.addLast(wish);
		}
		return null;
	}

	private Wish add(Wish wish) {
		if (wish.idempotencyKey() != null) {
			this.byIdempotencyKey.put(wish.idempotencyKey(), wish);
		}
		else {
			this.byRequest.computeIfAbsent(wish.request(), (_) -> new LinkedHashSet<>(2)).add(wish);
		}
		return wish;
	}

	/** Nobody else shall take it up: it was delivered, or is taken up now. */
	synchronized void take(Wish wish) {
		wish.take();
		this.byRequest.computeIfPresent(wish.request(), (_, wishes) -> {
			wishes.remove(wish);
			return wishes.isEmpty() ? null : wishes;
		});
		Job job = wish.job();
		if (job != null) {
			this.jobs.change(job.id(), JobRecord::unwanted);
		}
	}

	/** It can never be met: who asks again begins anew, unless by his key. */
	synchronized void giveUp(Wish wish) {
		take(wish);
		Job job = wish.job();
		if (job != null) {
			this.jobs.change(job.id(), JobRecord::closed);
		}
		else if (wish.idempotencyKey() != null) {
			this.byIdempotencyKey.remove(wish.idempotencyKey(), wish);
		}
	}

	private void clean() {
		long now = this.clock.millis();
		if (now - this.cleaned.get() < CLEANING.toMillis()) {
			return;
		}
		this.cleaned.set(now);
		this.byRequest.values().removeIf((wishes) -> {
			wishes.removeIf((wish) -> !this.jobs.mayBeAdopted(wish.since()));
			return wishes.isEmpty();
		});
		this.byIdempotencyKey.values()
			.removeIf((wish) -> wish.generation() == null && !this.jobs.mayBeReplayed(wish.since()));
	}

}
