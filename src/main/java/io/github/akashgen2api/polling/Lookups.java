package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.akashgen2api.akash.JobId;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
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

	private final Bulkhead waits;

	Lookups(PollingSettings settings) {
		this.rate = RateLimiter.of("lookups",
				RateLimiterConfig.custom()
					.limitForPeriod(settings.lookupsPerSecond())
					.limitRefreshPeriod(Duration.ofSeconds(1))
					.timeoutDuration(Duration.ZERO)
					.build());
		this.waits = Bulkhead.of("waits",
				BulkheadConfig.custom()
					.maxConcurrentCalls(settings.waitsAtOnce())
					.maxWaitDuration(Duration.ZERO)
					.build());
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
	 * Wait for a job that AkashGen may not know.
	 * @throws PollingException.TooManyWaits if too many do so already
	 */
	<T> T waiting(JobId id, Supplier<T> wait) {
		if (!this.waits.tryAcquirePermission()) {
			throw new PollingException.TooManyWaits(id);
		}
		try {
			return wait.get();
		}
		finally {
			this.waits.onComplete();
		}
	}

}
