package io.github.akashgen2api.polling;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.Excerpt;
import io.github.akashgen2api.akash.ImageLocation;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.resilience4j.retry.RetryRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Followings} and {@link Following}.
 */
@Timeout(20)
class FollowingsTests {

	private static final JobId ID = new JobId("job");

	private static final Duration LONG = Duration.ofHours(1);

	private static final Excerpt EXCERPT = new Excerpt(200, "text/plain", "[{}]", 10);

	private static final JobStatus PENDING = new JobStatus.Pending(1, EXCERPT);

	private static final JobStatus SUCCEEDED = new JobStatus.Succeeded(new ImageLocation.File("a.webp"), Duration.ZERO,
			EXCERPT);

	private final AtomicInteger polls = new AtomicInteger();

	@Test
	void nextWhenTroubleCameBeforeTheTickSeesTheTickToo() {
		AkashGenException trouble = AkashGenSamples.brokenOff("AkashGen broke off");
		try (Followings followings = followings((_) -> {
			if (this.polls.incrementAndGet() == 1) {
				throw trouble;
			}
			return SUCCEEDED;
		}, Duration.ofMillis(20)); Seat seat = followings.join(ID, true)) {
			assertThatExceptionOfType(AkashGenException.class).isThrownBy(() -> next(seat)).isSameAs(trouble);
			assertThat(seat.following().trouble()).isSameAs(trouble);
			assertThat(next(seat)).isSameAs(SUCCEEDED);
			assertThat(seat.following().trouble()).isNull();
		}
	}

	@Test
	void nextWhenAFaultOfOursThrowsItAndTheJobIsFollowedNoLonger() {
		try (Followings followings = followings((_) -> {
			throw new AssertionError("a bug");
		}, LONG); Seat seat = followings.join(ID, true)) {
			assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> next(seat))
				.withCauseExactlyInstanceOf(AssertionError.class);
			assertThat(followings.find(ID)).isEmpty();
		}
	}

	@Test
	void nextWhenInterruptedIsCancelledAndLeavesTheFlagSet() {
		CountDownLatch isOver = new CountDownLatch(1);
		try (Followings followings = followings((_) -> held(isOver), LONG); Seat seat = followings.join(ID, true)) {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> next(seat));
			assertThat(Thread.interrupted()).isTrue();
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> seat.look(LONG));
			assertThat(Thread.interrupted()).isTrue();
		}
		finally {
			isOver.countDown();
		}
	}

	@Test
	void jobThatABrowserAskedForFirstIsFollowedForItsWholeTime() {
		try (Followings followings = followings((_) -> {
			this.polls.incrementAndGet();
			return PENDING;
		}, Duration.ofMillis(10))) {
			try (Seat browser = followings.join(ID, false); Seat _ = followings.join(ID, true)) {
				assertThat(next(browser)).isSameAs(PENDING);
			}
			Awaitility.await().until(() -> this.polls.get() > 5);
			assertThat(followings.find(ID)).isPresent();
		}
	}

	@Test
	void closeEndsThoseWhoWait() {
		Followings followings = followings((_) -> PENDING, LONG);
		try (Seat seat = followings.join(ID, true)) {
			assertThat(next(seat)).isSameAs(PENDING);
			CompletableFuture<JobStatus> waiting = CompletableFuture.supplyAsync(() -> next(seat));
			followings.close();
			assertThat(waiting).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.withCauseInstanceOf(PollingException.JobTimeout.class)
				.withMessageContaining("The service stops");
			assertThat(followings.find(ID)).isEmpty();
		}
	}

	@Test
	void joinWhenClosedDoesNotWaitForever() {
		Followings followings = followings((_) -> PENDING, LONG);
		followings.close();
		try (Seat seat = followings.join(ID, true)) {
			assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> next(seat))
				.withMessage("The service stops");
		}
	}

	@Test
	void nextWhenAnAnswerComesAfterTheEndDoesNotWaitForever() {
		Following following = new Following(ID, true, 0, 0, 0);
		try (Seat seat = following.join()) {
			following.saw(PENDING);
			assertThat(next(seat)).isSameAs(PENDING);
			following.end(new PollingException.JobTimeout(ID, "The service stops", null));
			following.saw(PENDING);
			assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(() -> next(seat));
		}
	}

	@Test
	void endWhenTheJobEndedJustBeforeTellsHow() {
		Function<JobId, JobStatus> statuses = (_) -> (this.polls.incrementAndGet() == 1) ? PENDING : SUCCEEDED;
		PollingProperties settings = settings(Duration.ofMillis(10));
		try (Followings followings = new Followings(statuses, (_) -> Map.of(), new LookupLimiter(settings), settings)) {
			PollingService polling = new PollingService(followings, statuses, new LookupLimiter(settings),
					RetryRegistry.ofDefaults(), settings);
			assertThat(polling.await(ID, (_) -> {
			})).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.withCauseInstanceOf(PollingException.JobTimeout.class);
			Awaitility.await().until(() -> followings.find(ID).isEmpty());
			assertThat(polling.end(ID)).succeedsWithin(Duration.ofSeconds(30)).isSameAs(SUCCEEDED);
		}
	}

	private static JobStatus held(CountDownLatch isOver) {
		try {
			isOver.await();
			return PENDING;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static JobStatus next(Seat seat) {
		return seat.look(LONG).orElseThrow();
	}

	private static Followings followings(Function<JobId, JobStatus> alone, Duration interval) {
		PollingProperties settings = settings(interval);
		return new Followings(alone, (List<JobId> _) -> Map.of(), new LookupLimiter(settings), settings);
	}

	private static PollingProperties settings(Duration interval) {
		return new PollingProperties(1, interval, 1, Duration.ZERO, LONG, 20, 200, LONG);
	}

}
