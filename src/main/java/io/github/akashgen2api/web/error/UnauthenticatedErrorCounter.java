package io.github.akashgen2api.web.error;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Counts failed requests without a valid key, and logs them in one line a minute. With a
 * line for each, anybody could fill the disk.
 */
@Component
class UnauthenticatedErrorCounter implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(UnauthenticatedErrorCounter.class);

	private final Map<Integer, Integer> countByStatus = new ConcurrentHashMap<>();

	private final ScheduledExecutorService scheduler = Executors
		.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("unauthenticated-errors").factory());

	UnauthenticatedErrorCounter() {
		var _ = this.scheduler.scheduleAtFixedRate(this::log, 1, 1, TimeUnit.MINUTES);
	}

	/**
	 * Count an error.
	 * @param status the HTTP status; an unknown one counts as 400
	 */
	void count(int status) {
		this.countByStatus.merge((HttpStatus.resolve(status) != null) ? status : 400, 1, Integer::sum);
	}

	private void log() {
		Map<Integer, Integer> counted = new TreeMap<>();
		this.countByStatus.keySet().forEach((status) -> {
			Integer count = this.countByStatus.remove(status);
			if (count != null) {
				counted.put(status, count);
			}
		});
		if (!counted.isEmpty()) {
			boolean expected = counted.keySet().stream().allMatch((status) -> status < 500);
			logger.atLevel(expected ? Level.INFO : Level.WARN)
				.log("Failed requests without a valid key since the last such line, by status: {}",
						counted.entrySet().stream().map(Object::toString).collect(Collectors.joining(", ")));
		}
	}

	@Override
	public void destroy() {
		this.scheduler.shutdownNow();
		log();
	}

}
