package io.github.akashgen2api.images;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link PictureStore}.
 */
@Timeout(60)
class PictureStoreTests {

	private static final JobId ID = new JobId("job");

	private static final Picture.Location LOCATION = new Picture.Location.File("a.webp");

	private static final Picture FOX = AkashGenSamples.painting("fox");

	private final AkashGenException unavailable = AkashGenSamples.unavailable("AkashGen answered 500");

	private final AkashGenClient akashGen = mock();

	private final PictureStore store = store(1_000_000, 3);

	@Test
	void pictureWhenNeverKeptIsNothing() {
		assertThat(this.store.picture(ID)).isEmpty();
		then(this.akashGen).shouldHaveNoInteractions();
	}

	@Test
	void keepDownloadsAndKeeps() {
		given(this.akashGen.fetch(LOCATION)).willReturn(FOX);
		assertThat(this.store.keep(ID, LOCATION)).isSameAs(FOX);
		assertThat(this.store.picture(ID)).containsSame(FOX);
	}

	@Test
	void keepWhenKeptDoesNotDownloadAgain() {
		given(this.akashGen.fetch(LOCATION)).willReturn(FOX);
		this.store.keep(ID, LOCATION);
		assertThat(this.store.keep(ID, LOCATION)).isSameAs(FOX);
		then(this.akashGen).should(times(1)).fetch(LOCATION);
	}

	@Test
	void keepWhenTenAskAtOnceDownloadsOnce() throws Exception {
		List<FutureTask<Picture>> askers = IntStream.range(0, 10)
			.mapToObj((_) -> new FutureTask<>(() -> this.store.keep(ID, LOCATION)))
			.toList();
		List<Thread> threads = askers.stream().map(Thread::new).toList();
		CountDownLatch areStarted = new CountDownLatch(1);
		given(this.akashGen.fetch(LOCATION)).will((_) -> {
			areStarted.await();
			while (!threads.stream().allMatch((thread) -> isAsking(thread))) {
				Thread.onSpinWait();
			}
			return FOX;
		});
		threads.forEach(Thread::start);
		areStarted.countDown();
		for (FutureTask<Picture> asker : askers) {
			assertThat(asker.get()).isSameAs(FOX);
		}
		then(this.akashGen).should(times(1)).fetch(LOCATION);
	}

	@Test
	void keepWhenManyJobsEndAtOnceDownloadsOnlySomeAtATime() throws Exception {
		AtomicInteger now = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CountDownLatch bothPlacesAreTaken = new CountDownLatch(2);
		given(this.akashGen.fetch(LOCATION)).will((_) -> {
			most.accumulateAndGet(now.incrementAndGet(), Math::max);
			bothPlacesAreTaken.countDown();
			bothPlacesAreTaken.await();
			now.decrementAndGet();
			return FOX;
		});
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < 20; i++) {
				JobId id = new JobId("job-" + i);
				threads.execute(() -> this.store.keep(id, LOCATION));
			}
		}
		assertThat(most).hasValue(2);
		then(this.akashGen).should(times(20)).fetch(LOCATION);
	}

	@Test
	void keepWhenJobsDifferDownloadsEach() {
		Picture cat = AkashGenSamples.painting("cat");
		Picture.Location other = new Picture.Location.File("b.webp");
		given(this.akashGen.fetch(LOCATION)).willReturn(FOX);
		given(this.akashGen.fetch(other)).willReturn(cat);
		assertThat(this.store.keep(ID, LOCATION)).isSameAs(FOX);
		assertThat(this.store.keep(new JobId("other"), other)).isSameAs(cat);
	}

	@Test
	void keepWhenADownloadFailsRepeatsIt() {
		given(this.akashGen.fetch(LOCATION)).willThrow(this.unavailable, this.unavailable, this.unavailable)
			.willReturn(FOX);
		assertThat(this.store.keep(ID, LOCATION)).isSameAs(FOX);
		then(this.akashGen).should(times(4)).fetch(LOCATION);
	}

	@Test
	void keepWhenAllDownloadsFailReportsTheLast() {
		AkashGenException last = AkashGenSamples.unavailable("AkashGen cannot be reached");
		given(this.akashGen.fetch(LOCATION)).willThrow(this.unavailable, this.unavailable, this.unavailable, last);
		assertThatExceptionOfType(PictureUnavailableException.class).isThrownBy(() -> this.store.keep(ID, LOCATION))
			.withMessage("AkashGen cannot be reached")
			.withCause(last)
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID))
			.satisfies((ex) -> assertThat(ex.reason()).isSameAs(last));
		then(this.akashGen).should(times(4)).fetch(LOCATION);
	}

	@Test
	void keepWhenNothingIsRepeatedReportsTheFirstFailure() {
		given(this.akashGen.fetch(LOCATION)).willThrow(this.unavailable);
		PictureStore impatient = store(1_000_000, 0);
		assertThatExceptionOfType(PictureUnavailableException.class).isThrownBy(() -> impatient.keep(ID, LOCATION))
			.withMessage("AkashGen answered 500");
		then(this.akashGen).should(times(1)).fetch(LOCATION);
	}

	@Test
	void keepWhenThereNeverIsAPictureDoesNotRepeat() {
		given(this.akashGen.fetch(LOCATION)).willThrow(AkashGenSamples.noPicture("AkashGen's picture is none"));
		assertThatExceptionOfType(PictureUnavailableException.class).isThrownBy(() -> this.store.keep(ID, LOCATION))
			.withMessage("AkashGen's picture is none");
		then(this.akashGen).should(times(1)).fetch(LOCATION);
	}

	@Test
	void keepWhenAFaultOfOursDoesNotRepeat() {
		given(this.akashGen.fetch(LOCATION)).willThrow(new IllegalStateException("a bug"));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.store.keep(ID, LOCATION))
			.withMessage("a bug");
		then(this.akashGen).should(times(1)).fetch(LOCATION);
	}

	@Test
	void keepWhenItFailedBeforeTriesAgain() {
		given(this.akashGen.fetch(LOCATION)).willThrow(AkashGenSamples.noPicture("AkashGen's picture is none"))
			.willReturn(FOX);
		assertThatExceptionOfType(PictureUnavailableException.class).isThrownBy(() -> this.store.keep(ID, LOCATION));
		assertThat(this.store.picture(ID)).isEmpty();
		soon().ignoreExceptionsInstanceOf(PictureUnavailableException.class)
			.untilAsserted(() -> assertThat(this.store.keep(ID, LOCATION)).isSameAs(FOX));
	}

	@Test
	void keepWhenThereIsNoRoomDownloadsEachTime() {
		given(this.akashGen.fetch(LOCATION)).willReturn(FOX);
		PictureStore forgetful = store(0, 3);
		assertThat(forgetful.keep(ID, LOCATION)).isSameAs(FOX);
		assertThat(forgetful.picture(ID)).isEmpty();
		soon().untilAsserted(() -> {
			assertThat(forgetful.keep(ID, LOCATION)).isSameAs(FOX);
			then(this.akashGen).should(atLeast(2)).fetch(LOCATION);
		});
	}

	@Test
	void keepKeepsOnDiskWhatMemoryHasNoRoomFor(@TempDir Path directory) {
		given(this.akashGen.fetch(LOCATION)).willReturn(FOX);
		ImagesSettings settings = settings(0, 3, directory, 1_000_000);
		try (PictureArchive archive = new PictureArchive(settings)) {
			PictureStore store = new PictureStore(this.akashGen, archive, settings);
			assertThat(store.stored(ID).join()).isFalse();
			store.keep(ID, LOCATION);
			assertThat(store.stored(ID).join()).isTrue();
			assertThat(store.keep(ID, LOCATION).bytes()).isEqualTo(FOX.bytes());
			assertThat(store.picture(ID)).isNotEmpty();
		}
		then(this.akashGen).should(times(1)).fetch(LOCATION);
	}

	@Test
	void storedWhenNothingIsKeptOnDiskIsFalse() {
		given(this.akashGen.fetch(LOCATION)).willReturn(FOX);
		this.store.keep(ID, LOCATION);
		assertThat(this.store.stored(ID)).isCompletedWithValue(false);
	}

	/** For a moment, who asks again still shares the download that has just ended. */
	private static ConditionFactory soon() {
		return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
	}

	private PictureStore store(long cacheBytes, int downloadRetries) {
		ImagesSettings settings = settings(cacheBytes, downloadRetries, Path.of("unused"), 0);
		return new PictureStore(this.akashGen, new PictureArchive(settings), settings);
	}

	private static ImagesSettings settings(long cacheBytes, int downloadRetries, Path directory, long storeBytes) {
		return new ImagesSettings(null, new Capacity(cacheBytes), new StoreDirectory(directory),
				new Capacity(storeBytes), Duration.ZERO, 2, downloadRetries, Duration.ofMillis(1),
				Duration.ofMinutes(1), 10);
	}

	private static boolean isAsking(Thread thread) {
		return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.BLOCKED;
	}

}
