package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.akashgen2api.akash.JobId;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;

import org.springframework.stereotype.Component;

/**
 * Bounds what anybody can have this service ask of AkashGen by making up ids, as no key
 * is needed for that.
 */
@Component
class Lookups {

	private final RateLimiter rate;

	private final Bulkhead questions;

	private final Bulkhead waits;

	Lookups(PollingSettings settings) {
		this.rate = RateLimiter.of("lookups",
				RateLimiterConfig.custom()
					.limitForPeriod(settings.lookupsPerSecond())
					.limitRefreshPeriod(Duration.ofSeconds(1))
					.timeoutDuration(Duration.ZERO)
					.build());
		// At so many a second, more are under way only while answers take longer.
		this.questions = places("lookups", settings.lookupsPerSecond());
		this.waits = places("waits", settings.waitsAtOnce());
	}

	private static Bulkhead places(String name, int most) {
		return Bulkhead.of(name,
				BulkheadConfig.custom().maxConcurrentCalls(most).maxWaitDuration(Duration.ZERO).build());
	}

	/**
	 * Count a question about a job that is not followed.
	 * @throws PollingException.TooManyLookups if it is one too many
	 */
	void count(JobId id) {
		if (!this.rate.acquirePermission()) {
			throw new PollingException.TooManyLookups(id);
		}
	}

	/**
	 * Ask about a job that is not followed. While AkashGen is slow, such questions do not
	 * pile up before those about jobs in hand.
	 * @throws PollingException.TooManyLookups if it is one too many
	 */
	<T> T asking(JobId id, Supplier<T> question) {
		count(id);
		try {
			return this.questions.executeSupplier(question);
		}
		catch (BulkheadFullException ex) {
			throw new PollingException.TooManyLookups(id);
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

}
