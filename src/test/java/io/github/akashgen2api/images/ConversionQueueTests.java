package io.github.akashgen2api.images;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ConversionQueue}.
 */
class ConversionQueueTests {

	private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

	private final CountDownLatch end = new CountDownLatch(1);

	private final ConversionQueue queue = new ConversionQueue(1, 2);

	@AfterEach
	void endAll() {
		this.end.countDown();
		this.clients.close();
	}

	@Test
	void runWhenThereIsRoomReturnsTheResult() {
		assertThat(this.queue.<String>run(ConversionQueueTests::isGone, () -> "converted")).isEqualTo("converted");
	}

	@Test
	void runWhenWorkFailsThrowsItsException() {
		assertThatExceptionOfType(UnconvertibleImageException.class)
			.isThrownBy(() -> this.queue.run(ConversionQueueTests::isGone, () -> {
				throw UnconvertibleImageException.tooLarge();
			}));
	}

	@Test
	void runWhenManyWaitRunsNoMoreAtOnceThanAllowed() throws Exception {
		ConversionQueue two = new ConversionQueue(2, 32);
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		List<Future<Boolean>> waiting = new ArrayList<>();
		for (int i = 0; i < 32; i++) {
			waiting.add(this.clients.submit(() -> two.<Boolean>run(ConversionQueueTests::isGone, () -> {
				most.accumulateAndGet(running.incrementAndGet(), Math::max);
				running.decrementAndGet();
				return true;
			})));
		}
		for (Future<Boolean> client : waiting) {
			assertThat(client.get()).isTrue();
		}
		assertThat(most.get()).isBetween(1, 2);
	}

	@Test
	void runWhenTheQueueIsFullRefuses() throws Exception {
		occupy();
		var _ = wait(ConversionQueueTests::isGone);
		var _ = wait(ConversionQueueTests::isGone);
		awaitWaiting(2);
		assertThatExceptionOfType(ConversionQueueFullException.class)
			.isThrownBy(() -> this.queue.<String>run(ConversionQueueTests::isGone, () -> "converted"));
	}

	@Test
	void runWhenWaitingClientsHaveDisconnectedTakesTheirPlaces() throws Exception {
		occupy();
		AtomicBoolean gone = new AtomicBoolean();
		Future<String> first = wait(gone::get);
		var _ = wait(ConversionQueueTests::isGone);
		awaitWaiting(2);
		gone.set(true);
		Future<String> next = wait(ConversionQueueTests::isGone);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(first::get)
			.withCauseInstanceOf(CancellationException.class);
		this.end.countDown();
		assertThat(next.get()).isEqualTo("converted");
	}

	@Test
	void runWhenTheClientDisconnectsBeforeItsTurnDoesNotBegin() throws Exception {
		occupy();
		AtomicBoolean gone = new AtomicBoolean();
		AtomicBoolean begun = new AtomicBoolean();
		Future<Boolean> client = this.clients.submit(() -> this.queue.<Boolean>run(gone::get, () -> {
			begun.set(true);
			return true;
		}));
		awaitWaiting(1);
		gone.set(true);
		this.end.countDown();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(client::get)
			.withCauseInstanceOf(CancellationException.class);
		assertThat(begun).isFalse();
	}

	@Test
	void runWhenTheThreadIsInterruptedLeavesTheQueue() throws Exception {
		occupy();
		AtomicBoolean wasSet = new AtomicBoolean();
		CountDownLatch left = new CountDownLatch(1);
		Thread client = Thread.ofVirtual().start(() -> {
			try {
				this.queue.<String>run(ConversionQueueTests::isGone, () -> "converted");
			}
			catch (CancellationException ex) {
				wasSet.set(Thread.currentThread().isInterrupted());
			}
			left.countDown();
		});
		awaitWaiting(1);
		client.interrupt();
		left.await();
		assertThat(wasSet).isTrue();
		assertThat(this.queue.waiting()).isZero();
	}

	private static boolean isGone() {
		return false;
	}

	private void occupy() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		var _ = this.clients.submit(() -> this.queue.<Boolean>run(ConversionQueueTests::isGone, () -> {
			begun.countDown();
			awaitEnd();
			return true;
		}));
		begun.await();
	}

	private void awaitEnd() {
		try {
			this.end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Future<String> wait(BooleanSupplier isGone) {
		return this.clients.submit(() -> this.queue.<String>run(isGone, () -> "converted"));
	}

	private void awaitWaiting(int count) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.queue.waiting() == count);
	}

}
