package io.github.akashgen2api.generation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.budget.FairBudget;
import io.github.akashgen2api.budget.TextBudget;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.futures.Futures;
import io.github.akashgen2api.jobs.Conversation;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The queue of submits. AkashGen is sent a few at a time, in the order in which they
 * came. A submit that nobody waits for when its turn comes is not sent.
 */
@Component
class SubmitQueue {

	/**
	 * AkashGen works on all submits at once, so each takes the longer the more there are.
	 * AkashChat of May 2026 on a busy machine: of 100 at once, none was answered within
	 * 90 s, though 52 to 89 were painted; 8 at a time, all 100 were queued within 22 s.
	 * With {@code bench/submits} on two busy processors (400 clients, November 2026),
	 * within 30 s: 1 at a time 65 were queued, 4: 136, 8: 155, 16: 160, 32: 160, and each
	 * waited longer; all at once none, and 111 were painted for nobody. So 8 keep it
	 * busy, and are far from what is too much.
	 */
	static final int AT_ONCE = 8;

	private static final Duration SWEEP = Duration.ofSeconds(1);

	private final AkashGenClient akashGen;

	private final FairBudget places;

	private final TextBudget texts;

	/** In the order in which they came. */
	private final Deque<Place> queue = new ArrayDeque<>();

	private final AtomicInteger underWay = new AtomicInteger();

	private final AtomicLong lastNumber = new AtomicLong();

	/** When those whose clients have left were last looked for, in nanoseconds. */
	private final AtomicLong swept = new AtomicLong(System.nanoTime() - SWEEP.toNanos());

	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("submit-sweep-", 0).factory());

	SubmitQueue(AkashGenClient akashGen, TextBudget texts, GenerationProperties properties) {
		this.akashGen = akashGen;
		this.texts = texts;
		this.places = new FairBudget(properties.mostSubmits());
	}

	/**
	 * Join the queue. Does not wait.
	 * @param key identifies the client
	 * @param isAbandoned is asked when the turn comes, or a client leaves: whether nobody
	 * waits for the image any longer. Once it is {@code true}, it stays so
	 * @throws CapacityExceededException.TooManySubmits if the queue is full
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
		enqueue(place);
		return place;
	}

	private synchronized void enqueue(Place place) {
		place.number = this.lastNumber.incrementAndGet();
		this.queue.addLast(place);
		giveTurns();
		place.hasWaited = place.position().isPresent();
	}

	/** Whether a client has left is asked of the system, so not at each refusal. */
	private void sweepLater() {
		long now = System.nanoTime();
		long last = this.swept.get();
		if (now - last >= SWEEP.toNanos() && this.swept.compareAndSet(last, now)) {
			this.threads.execute(() -> all().forEach(Place::leaveIfAbandoned));
		}
	}

	private synchronized List<Place> all() {
		return List.copyOf(this.queue);
	}

	private synchronized void giveTurns() {
		while (this.underWay.get() < AT_ONCE && !this.queue.isEmpty()) {
			this.underWay.incrementAndGet();
			this.queue.removeFirst().turn.complete(null);
		}
	}

	/** It would be the same for all that wait for their turn. */
	private void failAll(AkashGenException.RateLimited reason) {
		for (Place place : removeAll()) {
			place.leave(reason);
		}
	}

	private synchronized List<Place> removeAll() {
		List<Place> all = all();
		this.queue.clear();
		return all;
	}

	static AkashGenException notSent() {
		return new AkashGenException.Timeout("The image could not be submitted in time");
	}

	/**
	 * A place in the queue.
	 */
	final class Place {

		private final String key;

		private final Conversation conversation;

		private final TextBudget.Hold text;

		private final BooleanSupplier isAbandoned;

		private final CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();

		/** One more than that of the place before. */
		private long number;

		/** Whether its turn did not come at once. */
		private boolean hasWaited;

		private Place(String key, Conversation conversation, TextBudget.Hold text, BooleanSupplier isAbandoned) {
			this.key = key;
			this.conversation = conversation;
			this.text = text;
			this.isAbandoned = isAbandoned;
		}

		/** Whether its turn did not come at once. */
		boolean hasWaited() {
			return this.hasWaited;
		}

		/**
		 * Wait for the turn, and submit.
		 * @param beforeSubmit is run when the turn has come
		 * @throws AkashGenException if AkashGen queued no job, or that is not known
		 */
		Job submit(Runnable beforeSubmit) {
			Futures.join(this.turn);
			try {
				// A client that has just asked and says nothing more may still read.
				if (this.hasWaited && this.isAbandoned.getAsBoolean()) {
					throw notSent();
				}
				beforeSubmit.run();
				return SubmitQueue.this.akashGen.submit(this.conversation.messages());
			}
			catch (AkashGenException.RateLimited ex) {
				failAll(ex);
				throw ex;
			}
			finally {
				release();
				SubmitQueue.this.underWay.decrementAndGet();
				giveTurns();
			}
		}

		private void release() {
			this.conversation.drop();
			this.text.close();
			SubmitQueue.this.places.release(this.key, 1);
		}

		/**
		 * How many there are before this one at most, and itself: 1 is next. Empty if its
		 * turn has come.
		 */
		OptionalInt position() {
			synchronized (SubmitQueue.this) {
				Place first = SubmitQueue.this.queue.peekFirst();
				return (first != null && this.number >= first.number)
						? OptionalInt.of(Math.toIntExact(this.number - first.number + 1)) : OptionalInt.empty();
			}
		}

		/** A client that waited has left: leave the queue if that was the last one. */
		void leaveIfAbandoned() {
			if (position().isPresent() && this.isAbandoned.getAsBoolean() && remove()) {
				leave(notSent());
			}
		}

		private boolean remove() {
			synchronized (SubmitQueue.this) {
				return SubmitQueue.this.queue.remove(this);
			}
		}

		private void leave(RuntimeException reason) {
			release();
			this.turn.completeExceptionally(reason);
		}

	}

}
