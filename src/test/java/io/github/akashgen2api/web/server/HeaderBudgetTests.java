package io.github.akashgen2api.web.server;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HeaderBudget}.
 */
class HeaderBudgetTests {

	private final HeaderBudget budget = new HeaderBudget(10 * 1024);

	@Test
	void shareOfASmallHeaderTakesNothing() {
		for (int i = 0; i < 1000; i++) {
			assertThat(this.budget.share().growTo(HeaderBudget.FREE_BYTES)).isTrue();
		}
	}

	@Test
	void shareCannotGrowUntilAnotherReleases() {
		HeaderBudget.Share first = this.budget.share();
		HeaderBudget.Share second = this.budget.share();
		assertThat(first.growTo(HeaderBudget.FREE_BYTES + 4 * 1024)).isTrue();
		assertThat(first.growTo(HeaderBudget.FREE_BYTES + 8 * 1024)).isTrue();
		assertThat(second.growTo(HeaderBudget.FREE_BYTES + 4 * 1024)).isFalse();
		first.release();
		assertThat(second.growTo(HeaderBudget.FREE_BYTES + 10 * 1024)).isTrue();
	}

	@Test
	void shareOfAClosedConnectionTakesNothing() {
		HeaderBudget.Share closed = this.budget.share();
		closed.growTo(HeaderBudget.FREE_BYTES + 10 * 1024);
		closed.close();
		assertThat(closed.growTo(HeaderBudget.FREE_BYTES + 1024)).isFalse();
		assertThat(this.budget.share().growTo(HeaderBudget.FREE_BYTES + 10 * 1024)).isTrue();
	}

}
