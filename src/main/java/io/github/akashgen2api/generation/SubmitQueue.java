package io.github.akashgen2api.generation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.budget.FairBudget;
import io.github.akashgen2api.budget.TextBudget;
import io.github.akashgen2api.budget.TooMuchTextException;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The line of submits. AkashGen is sent a few at a time, in the order in which they came.
 * A submit that nobody wants any longer when its turn comes is not sent.
 */
@Component
class SubmitQueue {

	/**
	 * AkashGen works on all submits at once, so each takes the longer the more there are.
	 * AkashChat of May 2026 on a busy machine: of 100 at once, none was answered within
	 * 90 s, though 52 to 89 were painted; 8 at a time, all 100 were queued within 22 s.
	 * With {@code bench/submits} on two busy processors (400 callers, November 2026),
	 * within 30 s: 1 at a time 65 were queued, 4: 136, 8: 155, 16: 160, 32: 160, and each
	 * waited the longer; all at once none, and 111 were painted for nobody. So 8 keep it
	 * busy, and are far from what is too much.
	 */
	static final int AT_ONCE = 8;

	private static final Duration SWEEP = Duration.ofSeconds(1);

	private final AkashGenClient akashGen;

	private final FairBudget places;

	private final TextBudget texts;

	/** In the order in which they came. */
	private final Deque<Place> line = new ArrayDeque<>();

	private final Set<Place> underWay = new HashSet<>();

	private final AtomicLong lastNumber = new AtomicLong();

	/** When those whose callers have left were last looked for, in nanoseconds. */
	private final AtomicLong swept = new AtomicLong(System.nanoTime() - SWEEP.toNanos());

	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("submit-", 0).factory());

	SubmitQueue(AkashGenClient akashGen, TextBudget texts, GenerationProperties settings) {
		this.akashGen = akashGen;
		this.texts = texts;
		this.places = new FairBudget(settings.mostSubmits());
	}

	/**
	 * Join the line. Returns at once.
	 * @param key identifies the caller
	 * @param isAbandoned is asked when the turn comes, or somebody leaves: whether nobody
	 * wants the image any longer. Once it is {@code true}, it stays so
	 * @throws CapacityExceededException.TooManySubmits if the line is full
	 * @throws TooMuchTextException if the texts in it take too much memory
	 */
	Place join(String key, Conversation conversation, BooleanSupplier isAbandoned) {
		if (!this.places.tryAcquire(key, 1)) {
			sweepLater();
			throw new CapacityExceededException.TooManySubmits();
		}
		TextBudget.Hold text = this.texts.open(key);
		try {
			text.add(conversation.bytes());
		}
		catch (TooMuchTextException ex) {
			this.places.release(key, 1);
			sweepLater();
			throw ex;
		}
		Place place = new Place(key, conversation, text, isAbandoned);
		add(place);
		sendThoseWhoseTurnItIs();
		place.hasWaited = place.position().isPresent();
		return place;
	}

	/** Whether a caller has left is asked of the system, so not at each refusal. */
	private void sweepLater() {
		long now = System.nanoTime();
		long last = this.swept.get();
		if (now - last >= SWEEP.toNanos() && this.swept.compareAndSet(last, now)) {
			this.threads.execute(() -> all().forEach(Place::someoneLeft));
		}
	}

	private synchronized List<Place> all() {
		return List.copyOf(this.line);
	}

	private synchronized void add(Place place) {
		place.number = this.lastNumber.incrementAndGet();
		this.line.addLast(place);
	}

	private void sendThoseWhoseTurnItIs() {
		for (Place next = next(); next != null; next = next()) {
			send(next);
		}
	}

	private synchronized @Nullable Place next() {
		if (this.underWay.size() >= AT_ONCE || this.line.isEmpty()) {
			return null;
		}
		Place next = this.line.removeFirst();
		this.underWay.add(next);
		return next;
	}

	private void send(Place place) {
		var _ = CompletableFuture.supplyAsync(() -> submit(place), this.threads).whenComplete((job, failure) -> {
			Throwable reason = (failure instanceof CompletionException) ? failure.getCause() : failure;
			release(place);
			if (reason instanceof AkashGenException.RateLimited limited) {
				failLine(limited);
			}
			sendThoseWhoseTurnItIs();
			place.end(job, reason);
		});
	}

	private Job submit(Place place) {
		// A client that has just asked and says nothing more may still read its answer.
		if (place.hasWaited && place.isAbandoned.getAsBoolean()) {
			throw notSent();
		}
		return this.akashGen.submit(place.conversation.messages());
	}

	/** It would be the same for all who wait for their turn. */
	private void failLine(AkashGenException.RateLimited limited) {
		for (Place place : takeLine()) {
			release(place);
			place.end(null, limited);
		}
	}

	private synchronized List<Place> takeLine() {
		List<Place> all = all();
		this.line.clear();
		return all;
	}

	private void release(Place place) {
		synchronized (this) {
			this.underWay.remove(place);
		}
		place.conversation.forget();
		place.text.close();
		this.places.release(place.key, 1);
	}

	static AkashGenException notSent() {
		return new AkashGenException.Timeout("The image could not be submitted in time");
	}

	/**
	 * A place in the line.
	 */
	final class Place {

		private final String key;

		private final Conversation conversation;

		private final TextBudget.Hold text;

		private final BooleanSupplier isAbandoned;

		private final CompletableFuture<Job> job = new CompletableFuture<>();

		/** One more than that of the place before. */
		private long number;

		/** Whether its turn did not come at once. */
		private volatile boolean hasWaited;

		private Place(String key, Conversation conversation, TextBudget.Hold text, BooleanSupplier isAbandoned) {
			this.key = key;
			this.conversation = conversation;
			this.text = text;
			this.isAbandoned = isAbandoned;
		}

		/**
		 * The job, when AkashGen has named it.
		 * @return completes with an {@link AkashGenException} where none was queued, or
		 * that is not known
		 */
		CompletableFuture<Job> job() {
			return this.job;
		}

		/**
		 * How many there are before this one at most, and itself: 1 is next. Empty where
		 * its turn has come.
		 */
		OptionalInt position() {
			synchronized (SubmitQueue.this) {
				Place first = SubmitQueue.this.line.peekFirst();
				return (first != null && this.number >= first.number)
						? OptionalInt.of(Math.toIntExact(this.number - first.number + 1)) : OptionalInt.empty();
			}
		}

		/** Somebody who waited has left: leave the line if that was the last one. */
		void someoneLeft() {
			if (position().isPresent() && this.isAbandoned.getAsBoolean() && leaveLine()) {
				release(this);
				end(null, notSent());
			}
		}

		private boolean leaveLine() {
			synchronized (SubmitQueue.this) {
				return SubmitQueue.this.line.remove(this);
			}
		}

		private void end(@Nullable Job job, @Nullable Throwable failure) {
			if (job != null) {
				this.job.complete(job);
			}
			else {
				this.job.completeExceptionally((failure != null) ? failure : new IllegalStateException("No job"));
			}
		}

	}

}
