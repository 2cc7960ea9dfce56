package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.akash.ResponseExcerpt;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatusBatcher}.
 */
@Timeout(20)
class StatusBatcherTests {

	private static final JobStatus PENDING = new JobStatus.Pending(1,
			new ResponseExcerpt(200, "text/plain", "[{}]", 10));

	private static final Map<JobId, JobStatus> NOTHING = Map.of();

	private final AkashGenException refusal = AkashGenSamples.unavailable("AkashGen answered 500");

	private final AkashGenException noAnswer = AkashGenSamples.brokenOff("AkashGen broke off");

	private final AtomicInteger batches = new AtomicInteger();

	private final AtomicInteger singles = new AtomicInteger();

	private Supplier<Map<JobId, JobStatus>> answer = () -> NOTHING;

	@Test
	void statusOfWhenRefusedThreeTimesInARowStopsBatching() {
		StatusBatcher batcher = batcher(Duration.ofHours(1));
		this.answer = () -> {
			throw this.refusal;
		};
		ask(batcher, 5);
		assertThat(this.batches).hasValue(3);
		assertThat(this.singles).hasValue(10);
	}

	@Test
	void statusOfWhenRefusalsAreNotInARowGoesOnBatching() {
		StatusBatcher batcher = batcher(Duration.ofHours(1));
		this.answer = () -> {
			if (this.batches.get() % 3 != 0) {
				throw this.refusal;
			}
			return NOTHING;
		};
		ask(batcher, 9);
		assertThat(this.batches).hasValue(9);
	}

	@Test
	void statusOfWhenNoAnswerTellsAllAndDoesNotCountItAsARefusal() {
		StatusBatcher batcher = batcher(Duration.ofHours(1));
		this.answer = () -> {
			throw this.noAnswer;
		};
		for (int i = 0; i < 5; i++) {
			assertThat(ask(batcher)).allSatisfy((job) -> assertThat(job.exceptionNow()).isSameAs(this.noAnswer));
		}
		assertThat(this.batches).hasValue(5);
		assertThat(this.singles).hasValue(0);
	}

	@Test
	void statusOfWhenThePauseIsOverTriesOnceAndPausesAgainIfRefused() {
		StatusBatcher batcher = batcher(Duration.ofMillis(200));
		this.answer = () -> {
			throw this.refusal;
		};
		ask(batcher, 3);
		askUntilBatches(batcher, 4);
		this.answer = () -> NOTHING;
		askUntilBatches(batcher, 5);
		ask(batcher, 5);
		assertThat(this.batches).hasValue(10);
	}

	@Test
	void statusOfWhenTheTrialMeetsAFaultTriesAgain() {
		StatusBatcher batcher = batcher(Duration.ofMillis(1));
		this.answer = () -> {
			throw this.refusal;
		};
		ask(batcher, 3);
		this.answer = () -> {
			throw new AssertionError("a bug");
		};
		askUntilBatches(batcher, 4);
		this.answer = () -> NOTHING;
		askUntilBatches(batcher, 5);
	}

	@Test
	void statusOfWhenTheTrialHasNoAnswerTriesAgain() {
		StatusBatcher batcher = batcher(Duration.ofMillis(1));
		this.answer = () -> {
			throw this.refusal;
		};
		ask(batcher, 3);
		this.answer = () -> {
			throw this.noAnswer;
		};
		askUntilBatches(batcher, 6);
	}

	@Test
	void statusOfWhenAFaultOfOursTellsAll() {
		this.answer = () -> {
			throw new IllegalStateException("a bug");
		};
		assertThat(ask(batcher(Duration.ofHours(1)))).allSatisfy(
				(job) -> assertThat(job.exceptionNow()).isInstanceOf(IllegalStateException.class).hasMessage("a bug"));
	}

	@Test
	void statusOfWhenAnErrorOfOursTellsAll() {
		this.answer = () -> {
			throw new AssertionError("a bug");
		};
		assertThat(ask(batcher(Duration.ofHours(1)))).allSatisfy((job) -> assertThat(job.exceptionNow()).satisfiesAnyOf(
				(ex) -> assertThat(ex).isInstanceOf(AssertionError.class),
				(ex) -> assertThat(ex).hasCauseInstanceOf(AssertionError.class)));
	}

	@Test
	void statusOfWhenNobodyElseAsksAsksForOneJobAtOnce() {
		StatusBatcher batcher = new StatusBatcher((_) -> PENDING, (_) -> NOTHING, properties(50, Duration.ZERO));
		assertThat(batcher.statusOf(new JobId("a"))).isSameAs(PENDING);
	}

	@Test
	void statusOfWhenARequestHasJustBegunJoinsWhatIsAskedWithinTheWindow() throws Exception {
		List<List<JobId>> asked = new CopyOnWriteArrayList<>();
		StatusBatcher batcher = new StatusBatcher((_) -> PENDING, (ids) -> {
			asked.add(List.copyOf(ids));
			return ids.stream().collect(Collectors.toMap((id) -> id, (_) -> PENDING));
		}, properties(3, Duration.ofHours(1)));
		List<FutureTask<JobStatus>> jobs = start(batcher, "a", "b", "c");
		for (FutureTask<JobStatus> job : jobs) {
			assertThat(job.get()).isSameAs(PENDING);
		}
		assertThat(asked).singleElement(InstanceOfAssertFactories.LIST).hasSize(3);
	}

	@Test
	void statusOfWhenTheFirstOneIsInterruptedTheOthersAskForThemselves() throws Exception {
		StatusBatcher batcher = new StatusBatcher((_) -> PENDING, (_) -> NOTHING, properties(3, Duration.ofHours(1)));
		FutureTask<JobStatus> first = new FutureTask<>(() -> batcher.statusOf(new JobId("a")));
		Thread thread = Thread.ofVirtual().start(first);
		Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		FutureTask<JobStatus> second = start(batcher, "b").getFirst();
		thread.interrupt();
		assertThat(second.get()).isSameAs(PENDING);
	}

	private StatusBatcher batcher(Duration pause) {
		return new StatusBatcher((_) -> {
			this.singles.incrementAndGet();
			return PENDING;
		}, (_) -> {
			this.batches.incrementAndGet();
			return this.answer.get();
		}, new PollingProperties(20, pause, 2, Duration.ofHours(1), pause, 20, 200, Duration.ZERO, 0));
	}

	private static PollingProperties properties(int batchSize, Duration batchWindow) {
		return new PollingProperties(20, Duration.ofSeconds(1), batchSize, batchWindow, Duration.ofHours(1), 20, 200,
				Duration.ZERO, 0);
	}

	private void askUntilBatches(StatusBatcher batcher, int count) {
		Awaitility.await().until(() -> {
			ask(batcher);
			return this.batches.get() == count;
		});
	}

	private static void ask(StatusBatcher batcher, int times) {
		for (int i = 0; i < times; i++) {
			ask(batcher);
		}
	}

	/** Ask for two jobs at the same time. */
	private static List<FutureTask<JobStatus>> ask(StatusBatcher batcher) {
		List<FutureTask<JobStatus>> jobs = start(batcher, "a", "b");
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> jobs.stream().allMatch(FutureTask::isDone));
		return jobs;
	}

	private static List<FutureTask<JobStatus>> start(StatusBatcher batcher, String... ids) {
		return Stream.of(ids).map((id) -> {
			FutureTask<JobStatus> job = new FutureTask<>(() -> batcher.statusOf(new JobId(id)));
			Thread.ofVirtual().start(job);
			return job;
		}).toList();
	}

}
