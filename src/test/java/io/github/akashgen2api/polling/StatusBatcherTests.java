package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.Excerpt;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StatusBatcher}.
 */
@Timeout(20)
class StatusBatcherTests {

	private static final JobStatus PENDING = new JobStatus.Pending(1, new Excerpt(200, "text/plain", "[{}]", 10));

	private static final Map<JobId, JobStatus> NOTHING = Map.of();

	private final AkashGenException refusal = AkashGenSamples.unavailable("AkashGen answered 500");

	private final AkashGenException noAnswer = AkashGenSamples.brokenOff("AkashGen broke off");

	private final AtomicInteger batches = new AtomicInteger();

	private final AtomicInteger singles = new AtomicInteger();

	private Supplier<Map<JobId, JobStatus>> answer = () -> NOTHING;

	@Test
	void askWhenRefusedThreeTimesInARowStopsBatching() {
		StatusBatcher polls = polls(Duration.ofHours(1));
		this.answer = () -> {
			throw this.refusal;
		};
		ask(polls, 5);
		assertThat(this.batches).hasValue(3);
		assertThat(this.singles).hasValue(10);
	}

	@Test
	void askWhenRefusalsAreNotInARowGoesOnBatching() {
		StatusBatcher polls = polls(Duration.ofHours(1));
		this.answer = () -> {
			if (this.batches.get() % 3 != 0) {
				throw this.refusal;
			}
			return NOTHING;
		};
		ask(polls, 9);
		assertThat(this.batches).hasValue(9);
	}

	@Test
	void askWhenNothingCameBackTellsAllAndDoesNotCountItAsARefusal() {
		StatusBatcher polls = polls(Duration.ofHours(1));
		this.answer = () -> {
			throw this.noAnswer;
		};
		for (int i = 0; i < 5; i++) {
			List<Following> jobs = jobs();
			polls.ask(jobs);
			assertThat(jobs).allSatisfy((job) -> assertThat(job.trouble()).isSameAs(this.noAnswer));
		}
		assertThat(this.batches).hasValue(5);
		assertThat(this.singles).hasValue(0);
	}

	@Test
	void askWhenThePauseIsOverTriesOnceAndPausesAgainIfRefused() {
		StatusBatcher polls = polls(Duration.ofMillis(200));
		this.answer = () -> {
			throw this.refusal;
		};
		ask(polls, 3);
		askUntilBatches(polls, 4);
		this.answer = () -> NOTHING;
		askUntilBatches(polls, 5);
		ask(polls, 5);
		assertThat(this.batches).hasValue(10);
	}

	@Test
	void askWhenTheTrialMeetsAFaultTriesAgain() {
		StatusBatcher polls = polls(Duration.ofMillis(1));
		this.answer = () -> {
			throw this.refusal;
		};
		ask(polls, 3);
		this.answer = () -> {
			throw new AssertionError("a bug");
		};
		askUntilBatches(polls, 4);
		this.answer = () -> NOTHING;
		askUntilBatches(polls, 5);
	}

	@Test
	void askWhenTheTrialHasNoAnswerTriesAgain() {
		StatusBatcher polls = polls(Duration.ofMillis(1));
		this.answer = () -> {
			throw this.refusal;
		};
		ask(polls, 3);
		this.answer = () -> {
			throw this.noAnswer;
		};
		askUntilBatches(polls, 6);
	}

	@Test
	void askWhenAFaultOfOursTellsAllWhoWait() {
		this.answer = () -> {
			throw new IllegalStateException("a bug");
		};
		List<Following> jobs = jobs();
		polls(Duration.ofHours(1)).ask(jobs);
		assertThat(jobs).allSatisfy((job) -> assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> job.join().look(Duration.ofMinutes(1)))
			.withMessage("a bug"));
	}

	@Test
	void askWhenAnErrorOfOursTellsAllWhoWait() {
		this.answer = () -> {
			throw new AssertionError("a bug");
		};
		List<Following> jobs = jobs();
		polls(Duration.ofHours(1)).ask(jobs);
		assertThat(jobs).allSatisfy((job) -> assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> job.join().look(Duration.ofMinutes(1)))
			.withCauseExactlyInstanceOf(AssertionError.class));
	}

	private StatusBatcher polls(Duration pause) {
		return new StatusBatcher("jobs", (_) -> {
			this.singles.incrementAndGet();
			return PENDING;
		}, (_) -> {
			this.batches.incrementAndGet();
			return this.answer.get();
		}, pause, Runnable::run);
	}

	private void askUntilBatches(StatusBatcher polls, int count) {
		Awaitility.await().until(() -> {
			ask(polls, 1);
			return this.batches.get() == count;
		});
	}

	private static void ask(StatusBatcher polls, int times) {
		for (int i = 0; i < times; i++) {
			polls.ask(jobs());
		}
	}

	private static List<Following> jobs() {
		return List.of(new Following(new JobId("a"), true, 0, 0, 0), new Following(new JobId("b"), true, 0, 0, 0));
	}

}
