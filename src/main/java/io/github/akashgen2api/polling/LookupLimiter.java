package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Bounds what anybody can have this service ask of AkashGen by making up ids, as no key
 * is needed for that. Each question counts, the first about a job and the hundredth.
 */
@Component
class LookupLimiter {

	/** While AkashGen is in trouble, so much fewer are let through. */
	private static final int MOST_SLOWED = 20;

	private final Rate rate;

	private final Bulkhead questions;

	private final Bulkhead waits;

	@Autowired
	LookupLimiter(PollingProperties settings) {
		this(settings, System::nanoTime);
	}

	LookupLimiter(PollingProperties settings, LongSupplier nanoTime) {
		this.rate = new Rate(settings.lookupsPerSecond(), nanoTime);
		// At so many a second, more are under way only while answers take longer.
		this.questions = places("lookups", settings.lookupsPerSecond());
		this.waits = places("waits", settings.waitsAtOnce());
	}

	private static Bulkhead places(String name, int most) {
		return Bulkhead.of(name,
				BulkheadConfig.custom().maxConcurrentCalls(most).maxWaitDuration(Duration.ZERO).build());
	}

	/**
	 * Ask about a job that AkashGen may not know. While AkashGen is slow, such questions
	 * do not pile up before those about jobs in hand; and while it is in trouble, there
	 * are fewer of them.
	 * @throws PollingException.TooManyLookups if it is one too many
	 * @throws AkashGenException if AkashGen does not tell
	 */
	<T> T asking(JobId id, Supplier<T> question) {
		try {
			return this.questions.executeSupplier(() -> counted(id, question));
		}
		catch (BulkheadFullException ex) {
			throw new PollingException.TooManyLookups(id);
		}
	}

	private <T> T counted(JobId id, Supplier<T> question) {
		if (!this.rate.tryAcquire()) {
			throw new PollingException.TooManyLookups(id);
		}
		try {
			T answer = question.get();
			this.rate.succeeded();
			return answer;
		}
		catch (AkashGenException ex) {
			this.rate.failed();
			throw ex;
		}
	}

	/**
	 * Wait for a job that AkashGen may not know.
	 * @throws PollingException.TooManyWaits if too many do so already
	 */
	<T> T waiting(JobId id, Supplier<T> wait) {
		try {
			return this.waits.executeSupplier(wait);
		}
		catch (BulkheadFullException ex) {
			throw new PollingException.TooManyWaits(id);
		}
	}

	/**
	 * So many in any second. Resilience4j's limiters count from one full second to the
	 * next, so they let twice as many through around its end.
	 */
	private static final class Rate {

		private static final long SECOND = Duration.ofSeconds(1).toNanos();

		private final int perSecond;

		private final LongSupplier nanoTime;

		/** When those of the last second came, in nanoseconds. */
		private final Deque<Long> recent = new ArrayDeque<>();

		private int failuresInARow;

		Rate(int perSecond, LongSupplier nanoTime) {
			this.perSecond = perSecond;
			this.nanoTime = nanoTime;
		}

		synchronized boolean tryAcquire() {
			long now = this.nanoTime.getAsLong();
			while (!this.recent.isEmpty() && now - this.recent.getFirst() >= SECOND) {
				this.recent.removeFirst();
			}
			boolean isFree = this.recent.isEmpty()
					|| (this.recent.size() < this.perSecond && now - this.recent.getLast() >= pause());
			if (isFree) {
				this.recent.addLast(now);
			}
			return isFree;
		}

		/** In nanoseconds, twice as long after each failure. */
		private long pause() {
			int slowed = Math.min(MOST_SLOWED, 1 << Math.min(this.failuresInARow, 30));
			return (this.failuresInARow > 0) ? SECOND / this.perSecond * slowed : 0;
		}

		synchronized void succeeded() {
			this.failuresInARow = 0;
		}

		synchronized void failed() {
			this.failuresInARow++;
		}

	}

}
