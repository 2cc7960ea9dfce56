package io.github.akashgen2api.web.access;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;

/**
 * Holds each key to the same rate.
 */
final class KeyRateLimiter {

	private final RateLimiterConfig config;

	private final Map<String, AtomicRateLimiter> limiters = new ConcurrentHashMap<>();

	KeyRateLimiter(RateLimit limit) {
		this.config = RateLimiterConfig.custom()
			.limitForPeriod(limit.times())
			.limitRefreshPeriod(limit.period())
			.timeoutDuration(Duration.ZERO)
			.writableStackTraceEnabled(false)
			.build();
	}

	/**
	 * Count a request.
	 * @param fingerprint of the key that it came with
	 * @throws TooManyRequestsException if that is one too many, saying until when
	 */
	void count(String fingerprint) {
		// Not the interface: only this one tells how long to wait.
		AtomicRateLimiter limiter = this.limiters.computeIfAbsent(fingerprint,
				(key) -> new AtomicRateLimiter(key, this.config));
		if (!limiter.acquirePermission(1)) {
			throw new TooManyRequestsException(Duration.ofNanos(limiter.getDetailedMetrics().getNanosToWait()));
		}
	}

}
