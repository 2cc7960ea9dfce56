package io.github.akashgen2api.akash;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * Notices that AkashGen does not answer, and spares callers from waiting for what will
 * not come. While it is down, it is asked for nothing but a session now and then, until
 * it answers; no caller's request is risked for that. What AkashGen answers does not
 * matter here, as long as it is AkashGen that does.
 */
@Component
class AvailabilityGuard implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(AvailabilityGuard.class);

	/** For the breaker's own clock, which is not used: the probe decides. */
	private static final Duration FOR_EVER = Duration.ofDays(36_500);

	private final CircuitBreaker breaker;

	private final UpstreamClient probes;

	private final Duration interval;

	private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1,
			Thread.ofVirtual().name("availability-probe").factory(), new ThreadPoolExecutor.DiscardPolicy());

	AvailabilityGuard(UpstreamClientFactory upstream, AkashGenProperties settings, AvailabilityProperties properties) {
		this.interval = properties.probeInterval();
		this.probes = upstream.client("a session", settings.sessionTimeout(), DataSize.ofKilobytes(64));
		this.breaker = CircuitBreaker.of("akashgen", CircuitBreakerConfig.custom()
			.slidingWindow(properties.after(), properties.after(), CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
			.failureRateThreshold(100)
			.slowCallDurationThreshold(FOR_EVER)
			.waitDurationInOpenState(FOR_EVER)
			.recordResult(AvailabilityGuard::isNoAnswer)
			.writableStackTraceEnabled(false)
			.build());
		this.breaker.getEventPublisher().onStateTransition(this::report);
	}

	/**
	 * Ask AkashGen something, unless it is down.
	 * @throws AkashGenException.Unavailable if it is
	 * @throws AkashGenException if it did not answer
	 */
	UpstreamResponse guard(Supplier<UpstreamResponse> exchange) {
		try {
			return this.breaker.executeSupplier(exchange);
		}
		catch (CallNotPermittedException ex) {
			throw new AkashGenException.Unavailable("AkashGen cannot be reached", this.interval);
		}
	}

	/**
	 * Whether an answer is not AkashGen's own, but that of a server before it (502 to
	 * 504, Cloudflare's 520 to 530), or did not come to its end.
	 */
	private static boolean isNoAnswer(Object answer) {
		return answer instanceof UpstreamResponse given
				&& (given.isLate() || (given.status() >= 502 && given.status() <= 504)
						|| (given.status() >= 520 && given.status() <= 530));
	}

	private void report(CircuitBreakerOnStateTransitionEvent event) {
		switch (event.getStateTransition().getToState()) {
			case OPEN -> {
				logger.warn(
						"AkashGen has not answered {} times in a row; until it answers again, nothing is asked of it",
						this.breaker.getCircuitBreakerConfig().getMinimumNumberOfCalls());
				probeLater();
			}
			case CLOSED -> logger.info("AkashGen answers again");
			default -> {
			}
		}
	}

	private void probeLater() {
		var _ = this.clock.schedule(this::probe, this.interval.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void probe() {
		if (isBack()) {
			this.breaker.transitionToClosedState();
		}
		else {
			probeLater();
		}
	}

	private boolean isBack() {
		try {
			return !isNoAnswer(this.probes.exchange(this.probes.get("/api/auth/session/")));
		}
		catch (AkashGenException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		this.clock.shutdownNow();
	}

}
