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
 * Counts the requests without a key that failed, and logs them in one line a minute: a
 * line each would let anybody fill the disk.
 */
@Component
class KeylessRefusals implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(KeylessRefusals.class);

	/** By status. */
	private final Map<Integer, Integer> counts = new ConcurrentHashMap<>();

	private final ScheduledExecutorService minutes = Executors
		.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("keyless-refusals").factory());

	KeylessRefusals() {
		var _ = this.minutes.scheduleAtFixedRate(this::log, 1, 1, TimeUnit.MINUTES);
	}

	/**
	 * Count a request.
	 * @param status what it was answered with; another than HTTP names counts as 400
	 */
	void count(int status) {
		this.counts.merge((HttpStatus.resolve(status) != null) ? status : 400, 1, Integer::sum);
	}

	private void log() {
		Map<Integer, Integer> counted = new TreeMap<>();
		this.counts.keySet().forEach((status) -> {
			Integer count = this.counts.remove(status);
			if (count != null) {
				counted.put(status, count);
			}
		});
		if (!counted.isEmpty()) {
			boolean expected = counted.keySet().stream().allMatch((status) -> status < 500);
			logger.atLevel(expected ? Level.INFO : Level.WARN)
				.log("Requests without a key that failed since the last such line, by status: {}",
						counted.entrySet().stream().map(Object::toString).collect(Collectors.joining(", ")));
		}
	}

	@Override
	public void destroy() {
		this.minutes.shutdownNow();
		log();
	}

}
