package io.github.akashgen2api;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What AkashGen is asked for the sake of those who hold no key, about jobs that it may
 * not know.
 */
class LookupTests {

	private static final int SECONDS = 1;

	private final HeldAkashGen akashGen = new HeldAkashGen();

	@AfterEach
	void stop() {
		this.akashGen.close();
	}

	@ParameterizedTest
	@CsvSource({ "0, 200, 20", "2, 200, 20", "0, 500, 5", "2, 500, 5", "3, 500, 5" })
	void questionsAboutJobsThatMayNotBeKnownAreBounded(int wait, int statusCode, int perSecond) {
		this.akashGen.statusCode(statusCode);
		this.akashGen.absent();
		try (RunningService service = RunningService.against(this.akashGen.baseUrl(), "polling.lookups-per-second=20",
				"POLL_INTERVAL=100ms")) {
			AtomicInteger ids = new AtomicInteger();
			AtomicBoolean isOver = new AtomicBoolean();
			try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
				for (int i = 0; i < 60; i++) {
					threads.execute(() -> {
						while (!isOver.get()) {
							service.get("/images?id=made-up-" + ids.incrementAndGet() + "&wait=" + wait);
						}
					});
				}
				Awaitility.await()
					.pollDelay(Duration.ofSeconds(SECONDS))
					.atMost(Duration.ofMinutes(1))
					.until(() -> true);
				int asked = this.akashGen.asked().size();
				isOver.set(true);
				// A second more, as nobody is told when the first began.
				assertThat(asked).isPositive().isLessThanOrEqualTo(perSecond * (SECONDS + 1) + 20);
			}
		}
	}

	@Test
	void anIdThatIsNotKnownIsAskedForLessAndLess() {
		this.akashGen.absent();
		try (RunningService service = RunningService.against(this.akashGen.baseUrl(), "POLL_INTERVAL=50ms")) {
			AtomicInteger looks = new AtomicInteger();
			Awaitility.await().during(Duration.ofSeconds(2)).atMost(Duration.ofMinutes(1)).until(() -> {
				looks.incrementAndGet();
				return service.get("/images?id=made-up").statusCode() == 404;
			});
			// After 50, 100, 200, 400, 800, 1,600 ms.
			assertThat(this.akashGen.asked()).hasSizeBetween(3, 8);
			assertThat(looks.get()).isGreaterThan(10);
		}
	}

}
