package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.ImageLocation;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.akash.ResponseExcerpt;
import io.github.resilience4j.retry.RetryRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link PollingService}.
 */
@Timeout(60)
class PollingServiceTests {

	private static final JobId ID = new JobId("job");

	private static final Duration SHORT = Duration.ofMillis(1);

	private static final Duration LONG = Duration.ofHours(1);

	private static final ResponseExcerpt EXCERPT = new ResponseExcerpt(200, "text/plain", "[{}]", 10);

	private static final ResponseExcerpt LAST_EXCERPT = new ResponseExcerpt(200, "text/plain", "the last one", 10);

	private static final JobStatus PENDING = new JobStatus.Pending(1, EXCERPT);

	private static final JobStatus ABSENT = new JobStatus.Absent(EXCERPT);

	private static final JobStatus EMPTY = new JobStatus.SucceededEmpty(EXCERPT);

	private static final JobStatus.Succeeded SUCCEEDED = new JobStatus.Succeeded(new ImageLocation.File("a.webp"),
			Duration.ZERO, EXCERPT);

	private final AkashGenException trouble = AkashGenSamples.unavailable("AkashGen cannot be reached");

	@Test
	void awaitWhenSucceededAtOncePollsOnce() {
		Script script = new Script(SUCCEEDED);
		assertThat(await(polling(script, LONG), ID, 20)).isSameAs(SUCCEEDED);
		assertThat(script.polls()).isEqualTo(1);
	}

	@Test
	void awaitWhenPendingPollsUntilItSucceeds() {
		Script script = new Script(PENDING, PENDING, PENDING, SUCCEEDED);
		assertThat(await(polling(script, SHORT), ID, 20)).isSameAs(SUCCEEDED);
		assertThat(script.polls()).isEqualTo(4);
	}

	@Test
	void awaitWhenItSucceedsAtTheLastAttemptSucceeds() {
		Script script = new Script(PENDING, PENDING, SUCCEEDED);
		assertThat(await(polling(script, SHORT), ID, 3)).isSameAs(SUCCEEDED);
	}

	@Test
	void awaitWhenFailedDoesNotPollAgain() {
		Script script = new Script(PENDING, new JobStatus.Failed("out of memory", LAST_EXCERPT));
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.JobFailed.class).isThrownBy(() -> await(polling, ID, 20))
			.withMessage("out of memory")
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID))
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(LAST_EXCERPT));
		assertThat(script.polls()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7 })
	void awaitWhenPendingAfterTheLastAttemptTimesOut(int maxAttempts) {
		Script script = new Script().thenRepeat(maxAttempts - 1, PENDING).then(new JobStatus.Pending(0, LAST_EXCERPT));
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> await(polling, ID, maxAttempts))
			.withMessage("Image generation timed out")
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID))
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(LAST_EXCERPT));
		assertThat(script.polls()).isEqualTo(maxAttempts);
	}

	@Test
	void awaitWhenTroubleToleratesIt() {
		Script script = new Script(this.trouble, PENDING, this.trouble, this.trouble, this.trouble, SUCCEEDED);
		assertThat(await(polling(script, SHORT), ID, 6)).isSameAs(SUCCEEDED);
		assertThat(script.polls()).isEqualTo(6);
	}

	@Test
	void awaitWhenTroubleAtTheLastAttemptReportsIt() {
		Script script = new Script(PENDING, PENDING, this.trouble);
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.PollError.class).isThrownBy(() -> await(polling, ID, 3))
			.withMessage("AkashGen cannot be reached")
			.withCause(this.trouble)
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID))
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(this.trouble.answer()));
		assertThat(script.polls()).isEqualTo(3);
	}

	@Test
	void awaitWhenTroubleBeforeTheLastAttemptTimesOut() {
		Script script = new Script(this.trouble, this.trouble, PENDING);
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> await(polling, ID, 3))
			.withMessage("Image generation timed out");
	}

	@Test
	void awaitWhenAFaultOfOursDoesNotPollAgain() {
		Script script = new Script(new IllegalStateException("a bug"));
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> await(polling, ID, 20))
			.withMessage("a bug");
		assertThat(script.polls()).isEqualTo(1);
	}

	@Test
	void awaitWhenNotKnownTwiceInARowToleratesIt() {
		Script script = new Script(ABSENT, ABSENT, SUCCEEDED);
		assertThat(await(polling(script, SHORT), ID, 20)).isSameAs(SUCCEEDED);
	}

	@Test
	void awaitWhenNotKnownThreeTimesInARowGivesUp() {
		Script script = new Script(PENDING, ABSENT, ABSENT, new JobStatus.Absent(LAST_EXCERPT));
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.JobUnknown.class).isThrownBy(() -> await(polling, ID, 20))
			.withMessage("AkashGen does not know this job")
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID))
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(LAST_EXCERPT));
		assertThat(script.polls()).isEqualTo(4);
	}

	@Test
	void awaitWhenNotKnownButOtherAnswersComeBetweenCountsAnew() {
		Script script = new Script(ABSENT, ABSENT, PENDING, ABSENT, ABSENT, this.trouble, ABSENT, ABSENT, EMPTY, ABSENT,
				ABSENT, new JobStatus.Unrecognised("paused", EXCERPT), ABSENT, ABSENT, SUCCEEDED);
		assertThat(await(polling(script, SHORT), ID, 20)).isSameAs(SUCCEEDED);
		assertThat(script.polls()).isEqualTo(15);
	}

	@Test
	void awaitWhenDoneWithoutAPictureTwiceInARowToleratesIt() {
		Script script = new Script(EMPTY, EMPTY, SUCCEEDED);
		assertThat(await(polling(script, SHORT), ID, 20)).isSameAs(SUCCEEDED);
	}

	@Test
	void awaitWhenDoneWithoutAPictureThreeTimesInARowGivesUp() {
		Script script = new Script(PENDING, EMPTY, EMPTY, new JobStatus.SucceededEmpty(LAST_EXCERPT));
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.ImageMissing.class).isThrownBy(() -> await(polling, ID, 20))
			.withMessage("AkashGen reports success without an image")
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID))
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(LAST_EXCERPT));
		assertThat(script.polls()).isEqualTo(4);
	}

	@Test
	void awaitWhenDoneWithoutAPictureButOtherAnswersComeBetweenCountsAnew() {
		Script script = new Script(EMPTY, EMPTY, PENDING, EMPTY, EMPTY, this.trouble, EMPTY, EMPTY, ABSENT, EMPTY,
				EMPTY, SUCCEEDED);
		assertThat(await(polling(script, SHORT), ID, 20)).isSameAs(SUCCEEDED);
	}

	@Test
	void awaitWhenTheWordIsUnknownGoesOn() {
		Script script = new Script(new JobStatus.Unrecognised("paused", EXCERPT), SUCCEEDED);
		assertThat(await(polling(script, SHORT), ID, 20)).isSameAs(SUCCEEDED);
	}

	@Test
	void awaitWhenTheWordIsUnknownAtTheLastAttemptNamesIt() {
		Script script = new Script(PENDING, new JobStatus.Unrecognised("paused", LAST_EXCERPT));
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> await(polling, ID, 2))
			.withMessage("AkashGen last called the job 'paused', which this service does not know")
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(LAST_EXCERPT));
	}

	@Test
	void awaitWhenManyWaitPollsOnceForAll() throws Exception {
		Waiters<JobStatus.Succeeded> waiters = new Waiters<>();
		Script script = new Script(PENDING, PENDING, SUCCEEDED).beforeEachPoll(waiters::untilAllWait);
		PollingService polling = polling(script, SHORT);
		FutureTask<JobStatus.Succeeded> poller = start(() -> await(polling, ID, 20));
		soon().until(() -> script.isPolling());
		waiters.start(50, () -> polling.await(ID, LONG));
		for (FutureTask<JobStatus.Succeeded> waiter : waiters.tasks()) {
			assertThat(waiter.get()).isSameAs(SUCCEEDED);
		}
		assertThat(poller.get()).isSameAs(SUCCEEDED);
		assertThat(script.polls()).isEqualTo(3);
	}

	@Test
	void awaitWhenManyWaitInVainTellsAll() throws Exception {
		Waiters<Throwable> waiters = new Waiters<>();
		Script script = new Script(PENDING, new JobStatus.Failed("out of memory", EXCERPT))
			.beforeEachPoll(waiters::untilAllWait);
		PollingService polling = polling(script, SHORT);
		FutureTask<Throwable> poller = start(() -> catchThrowable(() -> await(polling, ID, 20)));
		soon().until(() -> script.isPolling());
		waiters.start(50, () -> catchThrowable(() -> polling.await(ID, LONG)));
		for (FutureTask<Throwable> waiter : waiters.tasks()) {
			assertThat(waiter.get()).isInstanceOf(PollingException.JobFailed.class).hasMessage("out of memory");
		}
		assertThat(poller.get()).isInstanceOf(PollingException.JobFailed.class);
		assertThat(script.polls()).isEqualTo(2);
	}

	@Test
	void awaitWhenEndedBeforePollsAgain() {
		Script script = new Script(PENDING, SUCCEEDED);
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> await(polling, ID, 1));
		assertThat(await(polling, ID, 1)).isSameAs(SUCCEEDED);
	}

	@Test
	void awaitWhenJobsDifferPollsForEach() {
		JobId other = new JobId("other");
		PollingService polling = polling(
				(id) -> new JobStatus.Succeeded(new ImageLocation.File(id.value()), Duration.ZERO, EXCERPT), SHORT);
		assertThat(await(polling, ID, 1).location()).isEqualTo(new ImageLocation.File("job"));
		assertThat(await(polling, other, 1).location()).isEqualTo(new ImageLocation.File("other"));
	}

	@Test
	void awaitWhenNobodyWaitsPollsForAsLongAsJobsAreFollowed() {
		Script script = new Script().thenRepeat(10, PENDING).then(SUCCEEDED);
		assertThat(await(polling(script, SHORT, LONG), ID, 1)).isSameAs(SUCCEEDED);
		assertThat(script.polls()).isEqualTo(11);
	}

	@Test
	void awaitWhenTooManyJobsArePolledIsForClientsThatWaitOnly() {
		PollingService polling = polling((_) -> PENDING, SHORT, LONG, 1);
		var _ = start(() -> await(polling, new JobId("other"), Integer.MAX_VALUE));
		soon().until(() -> polling.lastSeen(new JobId("other")).isPresent());
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> await(polling, ID, 5));
		polling.close();
	}

	@Test
	void awaitWhenTheServiceStopsEndsInsteadOfTheNextPoll() {
		Script script = new Script(PENDING);
		PollingService polling = polling(script, SHORT);
		script.beforeEachPoll(polling::close);
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> await(polling, ID, 20));
		assertThat(script.polls()).isEqualTo(1);
	}

	@Test
	void awaitAtMostWhenThereIsTimeOutlastsTheAttempts() {
		Script script = new Script(PENDING, this.trouble, PENDING, PENDING, this.trouble, this.trouble, SUCCEEDED);
		assertThat(polling(script, SHORT).await(ID, LONG)).isSameAs(SUCCEEDED);
		assertThat(script.polls()).isEqualTo(7);
	}

	@Test
	void awaitAtMostWhenItFailsEndsAtOnce() {
		Script script = new Script(PENDING, PENDING, new JobStatus.Failed("out of memory", EXCERPT));
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.JobFailed.class).isThrownBy(() -> polling.await(ID, LONG))
			.withMessage("out of memory");
		assertThat(script.polls()).isEqualTo(3);
	}

	@Test
	void awaitAtMostWhenNotKnownThreeTimesInARowGivesUp() {
		Script script = new Script(ABSENT, new JobStatus.Absent(EXCERPT), new JobStatus.Absent(EXCERPT));
		PollingService polling = polling(script, SHORT);
		assertThatExceptionOfType(PollingException.JobUnknown.class).isThrownBy(() -> polling.await(ID, LONG))
			.withMessage("AkashGen does not know this job");
	}

	@Test
	void awaitAtMostWhenTimeIsUpDuringAPollGivesUpAndRemembersTheAnswer() {
		CountDownLatch isGivenUp = new CountDownLatch(1);
		Script script = new Script(PENDING).beforeEachPoll(() -> await(isGivenUp));
		PollingService polling = polling(script, LONG);
		assertThatExceptionOfType(PollingException.JobTimeout.class)
			.isThrownBy(() -> polling.await(ID, Duration.ofMillis(20)))
			.withMessage("Image generation is not finished yet")
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID))
			.satisfies((ex) -> assertThat(ex.answer()).isNull());
		isGivenUp.countDown();
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> polling.check(ID))
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(EXCERPT));
		assertThat(script.polls()).isEqualTo(1);
	}

	@Test
	void awaitAtMostWhenTimeIsUpBeforeTheNextPollGivesUp() {
		Script script = new Script(new JobStatus.Pending(1, LAST_EXCERPT));
		PollingService polling = polling(script, LONG);
		assertThatExceptionOfType(PollingException.JobTimeout.class)
			.isThrownBy(() -> polling.await(ID, Duration.ofMillis(300)))
			.withMessage("Image generation is not finished yet")
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(LAST_EXCERPT));
		assertThat(script.polls()).isEqualTo(1);
	}

	@Test
	void awaitAtMostWhenTimeIsUpAfterTroubleReportsIt() {
		Script script = new Script(this.trouble);
		PollingService polling = polling(script, LONG);
		assertThatExceptionOfType(PollingException.PollError.class)
			.isThrownBy(() -> polling.await(ID, Duration.ofMillis(300)))
			.withMessage("AkashGen cannot be reached");
		assertThat(script.polls()).isEqualTo(1);
	}

	@Test
	void checkWhenSucceededHasThePicturesLocation() {
		assertThat(polling(new Script(SUCCEEDED), LONG).check(ID)).isSameAs(SUCCEEDED);
	}

	@Test
	void checkWhenPendingSaysSo() {
		PollingService polling = polling(new Script(new JobStatus.Pending(1, LAST_EXCERPT)), SHORT);
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> polling.check(ID))
			.withMessage("Image generation is not finished yet")
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID))
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(LAST_EXCERPT));
	}

	@Test
	void checkWhenDoneWithoutAPictureSaysThatItIsNotFinished() {
		PollingService polling = polling(new Script(EMPTY), SHORT);
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> polling.check(ID))
			.withMessage("Image generation is not finished yet");
	}

	@Test
	void checkWhenFailedSaysSo() {
		PollingService polling = polling(new Script(new JobStatus.Failed("out of memory", EXCERPT)), SHORT);
		assertThatExceptionOfType(PollingException.JobFailed.class).isThrownBy(() -> polling.check(ID))
			.withMessage("out of memory");
	}

	@Test
	void checkWhenNotKnownSaysSo() {
		PollingService polling = polling(new Script(ABSENT), SHORT);
		assertThatExceptionOfType(PollingException.JobUnknown.class).isThrownBy(() -> polling.check(ID))
			.withMessage("AkashGen does not know this job")
			.satisfies((ex) -> assertThat(ex.answer()).isSameAs(EXCERPT));
	}

	@Test
	void checkWhenTheWordIsUnknownNamesIt() {
		PollingService polling = polling(new Script(new JobStatus.Unrecognised("paused", EXCERPT)), SHORT);
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> polling.check(ID))
			.withMessage("AkashGen last called the job 'paused', which this service does not know");
	}

	@Test
	void checkWhenTwiceWithinAnIntervalAsksOnce() {
		Script script = new Script(PENDING);
		PollingService polling = polling(script, LONG);
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> polling.check(ID))
				.withMessage("Image generation is not finished yet");
		}
		assertThat(script.polls()).isEqualTo(1);
	}

	@Test
	void checkWhenManyAtOnceAsksOnce() throws Exception {
		Waiters<JobStatus.Succeeded> waiters = new Waiters<>();
		Script script = new Script(SUCCEEDED).beforeEachPoll(waiters::untilAllWait);
		PollingService polling = polling(script, LONG);
		waiters.start(50, () -> polling.check(ID));
		for (FutureTask<JobStatus.Succeeded> waiter : waiters.tasks()) {
			assertThat(waiter.get()).isSameAs(SUCCEEDED);
		}
		assertThat(script.polls()).isEqualTo(1);
	}

	@Test
	void checkWhenTheJobIsPolledDoesNotAsk() {
		Script script = new Script(PENDING);
		PollingService polling = polling(script, LONG);
		var _ = start(() -> await(polling, ID, 20));
		soon().until(() -> polling.lastSeen(ID).isPresent());
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> polling.check(ID))
			.withMessage("Image generation is not finished yet");
		assertThat(script.polls()).isEqualTo(1);
	}

	@Test
	void checkWhenTroubleReportsItAndAsksAgainNextTime() {
		Script script = new Script(this.trouble, SUCCEEDED);
		PollingService polling = polling(script, LONG);
		assertThatExceptionOfType(PollingException.PollError.class).isThrownBy(() -> polling.check(ID))
			.withMessage("AkashGen cannot be reached")
			.withCause(this.trouble);
		soon().ignoreExceptionsInstanceOf(PollingException.PollError.class)
			.untilAsserted(() -> assertThat(polling.check(ID)).isSameAs(SUCCEEDED));
	}

	private static PollingService polling(Function<JobId, JobStatus> statuses, Duration interval) {
		return polling(statuses, interval, Duration.ZERO);
	}

	private static PollingService polling(Function<JobId, JobStatus> statuses, Duration interval, Duration followFor) {
		return polling(statuses, interval, followFor, 0);
	}

	private static PollingService polling(Function<JobId, JobStatus> statuses, Duration interval, Duration followFor,
			int followedAtOnce) {
		PollingProperties properties = new PollingProperties(20, interval, 1, Duration.ZERO, LONG, 1000, 200, followFor,
				followedAtOnce);
		return new PollingService(new StatusBatcher(statuses, (_) -> Map.of(), properties),
				new LookupLimiter(properties), RetryRegistry.ofDefaults(), properties);
	}

	/** Wait for a job as a client does that waits for a number of polls. */
	private static JobStatus.Succeeded await(PollingService polling, JobId id, int maxAttempts) {
		AtomicInteger attempts = new AtomicInteger();
		return polling.await(id, new PollListener() {

			@Override
			public void onPolled(@Nullable JobStatus status, @Nullable AkashGenException error) {
				attempts.incrementAndGet();
			}

			@Override
			public boolean isWaitedFor() {
				return attempts.get() < maxAttempts;
			}

		});
	}

	private static <T> FutureTask<T> start(Callable<T> action) {
		FutureTask<T> task = new FutureTask<>(action);
		Thread.ofVirtual().start(task);
		return task;
	}

	/** For a moment, another question still shares the answer that has just come. */
	private static ConditionFactory soon() {
		return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(SHORT);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Answers one after the other, and no more than there are. */
	private static final class Script implements Function<JobId, JobStatus> {

		private final Queue<Object> answers = new ArrayDeque<>();

		private Runnable beforeEachPoll = () -> {
		};

		private int polls;

		private volatile boolean isPolling;

		Script(Object... answers) {
			Stream.of(answers).forEach(this::then);
		}

		Script then(Object answer) {
			this.answers.add(answer);
			return this;
		}

		Script thenRepeat(int times, Object answer) {
			IntStream.range(0, times).forEach((_) -> then(answer));
			return this;
		}

		Script beforeEachPoll(Runnable action) {
			this.beforeEachPoll = action;
			return this;
		}

		@Override
		public synchronized JobStatus apply(JobId id) {
			assertThat(id).isEqualTo(ID);
			this.polls++;
			this.isPolling = true;
			this.beforeEachPoll.run();
			return switch (this.answers.poll()) {
				case JobStatus status -> status;
				case RuntimeException ex -> throw ex;
				case null, default -> throw new AssertionError("Polled more often than expected");
			};
		}

		boolean isPolling() {
			return this.isPolling;
		}

		synchronized int polls() {
			return this.polls;
		}

	}

	/** Threads that do the same at the same time. */
	private static final class Waiters<T> {

		private final CountDownLatch areStarted = new CountDownLatch(1);

		private volatile List<Thread> threads = List.of();

		private volatile List<FutureTask<T>> tasks = List.of();

		void start(int count, Callable<T> action) {
			this.tasks = IntStream.range(0, count).mapToObj((_) -> new FutureTask<>(action)).toList();
			this.threads = this.tasks.stream().map(Thread::new).toList();
			this.threads.forEach(Thread::start);
			this.areStarted.countDown();
		}

		List<FutureTask<T>> tasks() {
			return this.tasks;
		}

		void untilAllWait() {
			await(this.areStarted);
			while (!this.threads.stream().allMatch(Waiters::isWaiting)) {
				Thread.onSpinWait();
			}
		}

		private static boolean isWaiting(Thread thread) {
			return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
		}

	}

}
