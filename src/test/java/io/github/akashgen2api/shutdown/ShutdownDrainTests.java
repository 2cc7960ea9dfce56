package io.github.akashgen2api.shutdown;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShutdownDrain}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownDrainTests {

	private final AtomicInteger ended = new AtomicInteger();

	@Test
	void waitsEndOnceWhenTheDrainIsOver() {
		try (ShutdownDrain drain = drain(Duration.ofMillis(1))) {
			var _ = drain.watch(this.ended::incrementAndGet);
			drain.stop();
			Awaitility.await().until(() -> this.ended.get() == 1);
		}
		assertThat(this.ended).hasValue(1);
	}

	@Test
	void closeEndsWhatIsLeftWithoutAWarning(CapturedOutput output) {
		try (ShutdownDrain drain = drain(Duration.ofMinutes(10))) {
			var _ = drain.watch(this.ended::incrementAndGet);
			drain.stop();
			assertThat(this.ended).hasValue(0);
		}
		assertThat(this.ended).hasValue(1);
		assertThat(output).doesNotContain("The service stops");
	}

	private static ShutdownDrain drain(Duration time) {
		ShutdownDrain drain = new ShutdownDrain(new ShutdownProperties(time));
		drain.start();
		return drain;
	}

}
