package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.ImageLocation;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.UncommittedImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link ImageService}.
 */
@Timeout(60)
class ImageServiceTests {

	private static final JobId ID = new JobId("job-number-1");

	private static final ImageLocation LOCATION = new ImageLocation.File("a.webp");

	private static final byte[] FOX = AkashGenSamples.paintingBytes("fox");

	private final AkashGenException unavailable = AkashGenSamples.unavailable("AkashGen answered 500");

	private final AkashGenClient akashGen = mock();

	private FileImageStore store;

	private ImageService images;

	private boolean isDeleted;

	@BeforeEach
	void open(@TempDir Path directory) {
		ImagesProperties settings = new ImagesProperties(null, new StorePath(directory), new StoreSize(100_000_000),
				Duration.ZERO, Duration.ofMinutes(1), 2, 3, Duration.ofMillis(1), Duration.ofMinutes(1), 10);
		this.store = new FileImageStore(settings, (_, _) -> {
		});
		this.images = new ImageService(this.akashGen, this.store, (_) -> this.isDeleted, new ConversionQueue(),
				settings);
	}

	@AfterEach
	void close() throws IOException {
		this.store.close();
	}

	@Test
	void findWhenNeverFetchedIsEmpty() {
		assertThat(this.images.find(ID)).isEmpty();
		then(this.akashGen).shouldHaveNoInteractions();
	}

	@Test
	void fetchDownloadsAndStores() {
		arrives();
		assertThat(this.images.fetch(ID, LOCATION).file()).hasBinaryContent(FOX);
		assertThat(this.images.find(ID)).isPresent();
	}

	@Test
	void imageThatIsDeletedWhileItIsFetchedIsRemoved() {
		arrives();
		this.isDeleted = true;
		assertThatExceptionOfType(ImageNotFoundException.class).isThrownBy(() -> this.images.fetch(ID, LOCATION));
		assertThat(this.images.find(ID)).isEmpty();
	}

	@Test
	void fetchWhenStoredDoesNotDownloadAgain() {
		arrives();
		this.images.fetch(ID, LOCATION);
		this.images.fetch(ID, LOCATION);
		then(this.akashGen).should(times(1)).fetch(ID, LOCATION);
	}

	@Test
	void fetchWhenTheImageCameWithTheStatusDoesNotDownload() {
		store(ID);
		assertThat(this.images.fetch(ID, new ImageLocation.Inline()).file()).hasBinaryContent(FOX);
		then(this.akashGen).shouldHaveNoInteractions();
	}

	@Test
	void fetchWhenTenAskAtOnceDownloadsOnce() throws Exception {
		CountDownLatch allAsk = new CountDownLatch(10);
		willAnswer((_) -> {
			allAsk.await();
			store(ID);
			return null;
		}).given(this.akashGen).fetch(ID, LOCATION);
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < 10; i++) {
				threads.execute(() -> {
					allAsk.countDown();
					this.images.fetch(ID, LOCATION);
				});
			}
		}
		then(this.akashGen).should(times(1)).fetch(ID, LOCATION);
	}

	@Test
	void fetchWhenManyJobsEndAtOnceDownloadsOnlySomeAtATime() {
		AtomicInteger now = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CountDownLatch bothPlacesAreTaken = new CountDownLatch(2);
		willAnswer((call) -> {
			most.accumulateAndGet(now.incrementAndGet(), Math::max);
			bothPlacesAreTaken.countDown();
			bothPlacesAreTaken.await();
			now.decrementAndGet();
			store(call.getArgument(0));
			return null;
		}).given(this.akashGen).fetch(any(), any());
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < 20; i++) {
				JobId id = new JobId("job-number-" + i);
				threads.execute(() -> this.images.fetch(id, LOCATION));
			}
		}
		assertThat(most).hasValue(2);
		then(this.akashGen).should(times(20)).fetch(any(), any());
	}

	@Test
	void fetchWhenADownloadFailsRepeatsIt() {
		willThrow(this.unavailable, this.unavailable, this.unavailable).willAnswer((_) -> {
			store(ID);
			return null;
		}).given(this.akashGen).fetch(ID, LOCATION);
		assertThat(this.images.fetch(ID, LOCATION).file()).hasBinaryContent(FOX);
		then(this.akashGen).should(times(4)).fetch(ID, LOCATION);
	}

	@Test
	void fetchWhenAllDownloadsFailReportsTheLast() {
		AkashGenException last = AkashGenSamples.unavailable("AkashGen cannot be reached");
		willThrow(this.unavailable, this.unavailable, this.unavailable, last).given(this.akashGen).fetch(ID, LOCATION);
		assertThatExceptionOfType(ImageUnavailableException.class).isThrownBy(() -> this.images.fetch(ID, LOCATION))
			.withMessage("AkashGen cannot be reached")
			.withCause(last)
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo(ID))
			.satisfies((ex) -> assertThat(ex.reason()).isSameAs(last));
		then(this.akashGen).should(times(4)).fetch(ID, LOCATION);
	}

	@Test
	void fetchWhenTheImageCannotBeStoredRepeatsItAndSaysSo() {
		willThrow(new ImageStorageException("no room")).given(this.akashGen).fetch(ID, LOCATION);
		assertThatExceptionOfType(ImageUnavailableException.class).isThrownBy(() -> this.images.fetch(ID, LOCATION))
			.withMessage("The image cannot be stored: no room");
		then(this.akashGen).should(times(4)).fetch(ID, LOCATION);
	}

	@Test
	void fetchWhenThereWillNeverBeAnImageDoesNotRepeat() {
		willThrow(AkashGenSamples.noPicture("AkashGen returned an invalid image")).given(this.akashGen)
			.fetch(ID, LOCATION);
		assertThatExceptionOfType(ImageUnavailableException.class).isThrownBy(() -> this.images.fetch(ID, LOCATION))
			.withMessage("AkashGen returned an invalid image");
		then(this.akashGen).should(times(1)).fetch(ID, LOCATION);
	}

	@Test
	void fetchWhenAProgrammingErrorDoesNotRepeat() {
		willThrow(new IllegalStateException("a bug")).given(this.akashGen).fetch(ID, LOCATION);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.images.fetch(ID, LOCATION))
			.withMessage("a bug");
		then(this.akashGen).should(times(1)).fetch(ID, LOCATION);
	}

	@Test
	void fetchWhenItFailedBeforeTriesAgain() {
		willThrow(AkashGenSamples.noPicture("AkashGen returned an invalid image")).willAnswer((_) -> {
			store(ID);
			return null;
		}).given(this.akashGen).fetch(ID, LOCATION);
		assertThatExceptionOfType(ImageUnavailableException.class).isThrownBy(() -> this.images.fetch(ID, LOCATION));
		assertThat(this.images.fetch(ID, LOCATION).length()).isEqualTo(FOX.length);
	}

	@Test
	void convertWhenTheFormatIsMetIsTheImageItself() {
		store(ID);
		StoredImage image = this.images.find(ID).orElseThrow();
		assertThat(this.images.convert(ID, image, RequestedFormat.valueOf("webp"), () -> false)).isSameAs(image);
	}

	@Test
	void convertConvertsOnceAndLeavesTheOriginal() {
		store(ID);
		StoredImage image = this.images.find(ID).orElseThrow();
		StoredImage png = this.images.convert(ID, image, RequestedFormat.valueOf("png"), () -> false);
		assertThat(png.format()).isEqualTo(ImageFormat.PNG);
		assertThat(this.images.convert(ID, image, RequestedFormat.valueOf("png"), () -> true)).isEqualTo(png);
		assertThat(this.images.convert(ID, image, RequestedFormat.valueOf("jpg"), () -> false).format())
			.isEqualTo(ImageFormat.JPEG);
		assertThat(this.images.find(ID)).hasValue(image);
		assertThat(png.entityTag()).isNotEqualTo(image.entityTag());
	}

	@Test
	void convertWhenTheClientHasDisconnectedDoesNothing() {
		store(ID);
		StoredImage image = this.images.find(ID).orElseThrow();
		assertThatExceptionOfType(CancellationException.class)
			.isThrownBy(() -> this.images.convert(ID, image, RequestedFormat.valueOf("png"), () -> true));
		assertThat(this.store.findConversion(ID, "png")).isEmpty();
	}

	private void arrives() {
		willAnswer((_) -> {
			store(ID);
			return null;
		}).given(this.akashGen).fetch(ID, LOCATION);
	}

	private void store(JobId id) {
		try (UncommittedImage image = this.store.open()) {
			image.write(FOX, 0, FOX.length);
			image.commit(id);
		}
	}

}
