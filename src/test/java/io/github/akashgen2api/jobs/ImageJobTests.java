package io.github.akashgen2api.jobs;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ImageJob}.
 */
class ImageJobTests {

	private final ImageJob job = new ImageJob(
			new JobRequest(new RequestIdentity("k", "-", "r", null, null), new Conversation(List.of())), Instant.EPOCH);

	@Test
	void adoptWhenTheClientIsGoneKeepsItAmongThoseThatAreTold() {
		JobWaiter gone = waiter(true);
		JobWaiter other = waiter(false);
		this.job.join(gone);
		assertThat(this.job.adopt(other)).isTrue();
		assertThat(this.job.stopRunning(ImageJob.State.SUCCEEDED, null, Instant.EPOCH)).containsExactly(gone, other);
	}

	@Test
	void adoptWhenAClientWaitsRefuses() {
		this.job.join(waiter(true));
		this.job.join(waiter(false));
		assertThat(this.job.adopt(waiter(false))).isFalse();
	}

	@Test
	void joinWhenAbandonedRefuses() {
		this.job.join(waiter(true));
		assertThat(this.job.abandonUnlessWanted()).isTrue();
		assertThat(this.job.join(waiter(false))).isFalse();
		assertThat(this.job.adopt(waiter(false))).isFalse();
	}

	private static JobWaiter waiter(boolean isGone) {
		JobWaiter waiter = BDDMockito.mock();
		BDDMockito.given(waiter.isGone()).willReturn(isGone);
		return waiter;
	}

}
