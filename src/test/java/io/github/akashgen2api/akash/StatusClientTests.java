package io.github.akashgen2api.akash;

import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.akashgen2api.budget.ProcessorShare;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;

/**
 * Tests for {@link StatusClient}.
 */
class StatusClientTests {

	@Test
	void onlySoManyAreUnderWayAtATime() {
		CountDownLatch answered = new CountDownLatch(1);
		AtomicInteger asked = new AtomicInteger();
		UpstreamClient upstream = BDDMockito.mock();
		BDDMockito.given(upstream.exchange(any(), any(), any())).willAnswer((_) -> {
			asked.incrementAndGet();
			answered.await();
			throw new AkashGenException.Unavailable("AkashGen cannot be reached", new ConnectException());
		});
		StatusClient client = new StatusClient(upstream, BaseUrl.valueOf("https://akash.example"),
				new MemoryImageSink(), new ProcessorShare(), 3);
		try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < 20; i++) {
				JobId id = new JobId("job-" + i);
				callers.execute(() -> assertThatExceptionOfType(AkashGenException.Unavailable.class)
					.isThrownBy(() -> client.statusOf(id)));
			}
			Awaitility.await().during(Duration.ofMillis(300)).until(() -> asked.get() == 3);
			answered.countDown();
		}
		assertThat(asked).as("those who wait get their turn, whatever becomes of the others").hasValue(20);
	}

}
