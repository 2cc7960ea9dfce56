package io.github.akashgen2api.shutdown;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Ends the waits of clients some time after the service was told to stop. Each client
 * then receives a complete answer before the web server closes its connection.
 * <p>
 * This bean is in the last lifecycle phase, which stops first, before the web server
 * begins its graceful shutdown. It only starts a timer: the web server waits for the
 * requests that this bean ends.
 */
@Component
public class ShutdownDrain implements SmartLifecycle, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ShutdownDrain.class);

	private final Duration drain;

	private final Set<Wait> waits = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean isRunning = new AtomicBoolean();

	private final AtomicBoolean isOver = new AtomicBoolean();

	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("shutdown-drain-", 0).factory());

	ShutdownDrain(ShutdownProperties properties) {
		this.drain = properties.drain();
	}

	/**
	 * Register a waiting client.
	 * @param onEnd ends the wait when the drain is over; runs at most once, immediately
	 * if the drain is over already
	 * @return to be closed when the client does not wait any more
	 */
	public Wait watch(Runnable onEnd) {
		Wait wait = new Wait(onEnd);
		this.waits.add(wait);
		if (this.isOver.get()) {
			wait.end();
		}
		return wait;
	}

	/** The number of waiting clients. */
	public int waiting() {
		return this.waits.size();
	}

	@Override
	public void start() {
		this.isRunning.set(true);
	}

	@Override
	public void stop() {
		if (this.isRunning.compareAndSet(true, false)) {
			CompletableFuture.delayedExecutor(this.drain.toNanos(), TimeUnit.NANOSECONDS, this.threads)
				.execute(this::end);
		}
	}

	@Override
	public boolean isRunning() {
		return this.isRunning.get();
	}

	private void end() {
		if (this.isOver.getAndSet(true)) {
			return;
		}
		List<Wait> left = List.copyOf(this.waits);
		if (!left.isEmpty()) {
			logger.warn("The service stops; {} waiting clients are told to repeat their requests", left.size());
		}
		left.forEach(Wait::end);
	}

	/**
	 * End the waits that are left when the web server has stopped: their clients have
	 * disconnected.
	 */
	@Override
	public void close() {
		this.isOver.set(true);
		List.copyOf(this.waits).forEach(Wait::end);
	}

	/**
	 * The wait of one client.
	 */
	public final class Wait implements AutoCloseable {

		private final Runnable onEnd;

		private Wait(Runnable onEnd) {
			this.onEnd = onEnd;
		}

		private void end() {
			if (ShutdownDrain.this.waits.remove(this)) {
				this.onEnd.run();
			}
		}

		@Override
		public void close() {
			ShutdownDrain.this.waits.remove(this);
		}

	}

}
