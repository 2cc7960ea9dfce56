package io.github.akashgen2api.images;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WriteBehind}.
 */
@Timeout(60)
class WriteBehindTests {

	private static final JobId FIRST = new JobId("first");

	private static final JobId SECOND = new JobId("second");

	private static final JobId THIRD = new JobId("third");

	private final Picture picture = AkashGenSamples.pictureOfLength(50_000);

	private final Picture large = AkashGenSamples.pictureOfLength(1_000_000);

	private final WriteBehind writer = new WriteBehind(100_000);

	private final List<Picture> written = new CopyOnWriteArrayList<>();

	private final CountDownLatch isMoving = new CountDownLatch(1);

	@BeforeEach
	void standStill() {
		this.writer.add(() -> {
			try {
				this.isMoving.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
	}

	@AfterEach
	void end() {
		this.isMoving.countDown();
		this.writer.close();
	}

	@Test
	void pictureWhileItWaitsCanBeHad() {
		this.writer.add(FIRST, this.picture, this.written::add);
		assertThat(this.writer.picture(FIRST)).isSameAs(this.picture);
		assertThat(this.writer.picture(SECOND)).isNull();
		assertThat(this.writer.isWritten(FIRST)).isNotDone();
		assertThat(this.writer.isWritten(SECOND)).isNull();
		assertThat(this.written).isEmpty();
	}

	@Test
	void addWhenItWaitsAlreadyIsNothing() {
		this.writer.add(FIRST, this.picture, this.written::add);
		this.writer.add(FIRST, this.large, this.written::add);
		end();
		assertThat(this.written).containsExactly(this.picture);
	}

	@Test
	void addWhenThereIsNoRoomWaitsForItsTurnWithoutLoss() throws InterruptedException {
		this.writer.add(FIRST, this.picture, this.written::add);
		this.writer.add(SECOND, this.picture, this.written::add);
		Thread third = Thread.ofVirtual().start(() -> this.writer.add(THIRD, this.large, this.written::add));
		while (third.getState() != Thread.State.WAITING) {
			Thread.onSpinWait();
		}
		assertThat(this.writer.picture(THIRD)).isSameAs(this.large);
		this.isMoving.countDown();
		third.join();
		end();
		assertThat(this.written).containsExactly(this.picture, this.picture, this.large);
	}

	@Test
	void isWrittenTellsHowItEnded() {
		this.writer.add(FIRST, this.picture, (_) -> true);
		this.writer.add(SECOND, this.picture, (_) -> false);
		CompletableFuture<Boolean> first = this.writer.isWritten(FIRST);
		CompletableFuture<Boolean> second = this.writer.isWritten(SECOND);
		this.isMoving.countDown();
		assertThat(first.join()).isTrue();
		assertThat(second.join()).isFalse();
		end();
		assertThat(this.writer.isWritten(FIRST)).isNull();
		assertThat(this.writer.picture(FIRST)).isNull();
	}

	@Test
	void closeWritesWhatWaitsAndNothingIsAddedAfterIt() {
		this.writer.add(FIRST, this.picture, this.written::add);
		this.writer.add(SECOND, this.picture, this.written::add);
		end();
		assertThat(this.written).hasSize(2);
		this.writer.add(THIRD, this.picture, this.written::add);
		assertThat(this.writer.add(() -> this.written.add(this.large))).isFalse();
		assertThat(this.writer.picture(THIRD)).isNull();
		assertThat(this.written).hasSize(2);
	}

}
