package io.github.akashgen2api.generation;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.akashgen2api.futures.Timeouts;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GenerationHandle}.
 */
class GenerationHandleTests {

	private final AtomicBoolean isGone = new AtomicBoolean();

	private final AtomicInteger looks = new AtomicInteger();

	private final GenerationHandle handle = new GenerationHandle(BDDMockito.mock(), () -> {
		this.looks.incrementAndGet();
		return this.isGone.get();
	}, 20, new Timeouts("test", Duration.ofHours(1)));

	@Test
	void isGoneWhenTheAnswerHasBegunDoesNotLookAtTheConnection() {
		assertThat(this.handle.isGone()).isFalse();
		assertThat(this.handle.beginAnswer()).isTrue();
		this.isGone.set(true);
		int before = this.looks.get();
		assertThat(this.handle.isGone()).isFalse();
		assertThat(this.handle.beginAnswer()).isTrue();
		assertThat(this.handle.isAnswered()).isTrue();
		assertThat(this.looks).hasValue(before);
	}

	@Test
	void isGoneWhenTheClientWasGoneBeforeTheAnswerStaysSo() {
		this.isGone.set(true);
		assertThat(this.handle.beginAnswer()).isFalse();
		assertThat(this.handle.isGone()).isTrue();
		assertThat(this.handle.isAnswered()).isFalse();
	}

}
