package io.github.akashgen2api.budget;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FairBudgetTests {

	private final AtomicLong nanoTime = new AtomicLong(-5);

	private final FairBudget budget = new FairBudget(10, this.nanoTime::get);

	@Test
	void oneKeyGetsAllWhileItIsAlone() {
		assertThat(this.budget.tryAcquire("a", 10)).isTrue();
		assertThat(this.budget.tryAcquire("a", 1)).isFalse();
		this.budget.release("a", 3);
		assertThat(this.budget.tryAcquire("a", 3)).isTrue();
	}

	@Test
	void oneKeyGetsHalfWhileAnotherHoldsSome() {
		assertThat(this.budget.tryAcquire("b", 1)).isTrue();
		assertThat(this.budget.tryAcquire("a", 5)).isTrue();
		assertThat(this.budget.tryAcquire("a", 1)).isFalse();
		assertThat(this.budget.tryAcquire("b", 4)).isTrue();
		this.budget.release("b", 5);
		this.nanoTime.addAndGet(Duration.ofSeconds(11).toNanos());
		assertThat(this.budget.tryAcquire("a", 5)).isTrue();
	}

	@Test
	void oneKeyGetsHalfAfterAnotherWasRefused() {
		assertThat(this.budget.tryAcquire("a", 10)).isTrue();
		assertThat(this.budget.tryAcquire("b", 2)).isFalse();
		this.budget.release("a", 2);
		assertThat(this.budget.tryAcquire("a", 1)).isFalse();
		assertThat(this.budget.tryAcquire("b", 2)).isTrue();
		this.budget.release("b", 2);
		this.nanoTime.addAndGet(Duration.ofSeconds(11).toNanos());
		assertThat(this.budget.tryAcquire("a", 2)).isTrue();
	}

	@Test
	void refusalOfAKeyDoesNotCountAgainstItself() {
		assertThat(this.budget.tryAcquire("a", 11)).isFalse();
		assertThat(this.budget.tryAcquire("a", 10)).isTrue();
	}

}
