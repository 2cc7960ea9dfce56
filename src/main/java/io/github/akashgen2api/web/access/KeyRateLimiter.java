package io.github.akashgen2api.web.access;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;

/**
 * Limits the rate of requests with each key.
 */
final class KeyRateLimiter {

	private final RateLimiterConfig config;

	private final Map<String, AtomicRateLimiter> limiters = new ConcurrentHashMap<>();

	KeyRateLimiter(RateLimit limit) {
		this.config = RateLimiterConfig.custom()
			.limitForPeriod(limit.requests())
			.limitRefreshPeriod(limit.period())
			.timeoutDuration(Duration.ZERO)
			.writableStackTraceEnabled(false)
			.build();
	}

	/**
	 * Count a request.
	 * @param fingerprint the fingerprint of the request's key
	 * @throws TooManyRequestsException if the rate is exceeded
	 */
	void count(String fingerprint) {
		// Only this implementation knows how long to wait.
		AtomicRateLimiter limiter = this.limiters.computeIfAbsent(fingerprint,
				(key) -> new AtomicRateLimiter(key, this.config));
		if (!limiter.acquirePermission(1)) {
			throw new TooManyRequestsException(Duration.ofNanos(limiter.getDetailedMetrics().getNanosToWait()));
		}
	}

}
