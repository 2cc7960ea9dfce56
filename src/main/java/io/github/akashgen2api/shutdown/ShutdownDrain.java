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
 * Ends the waits of callers some time after the service was told to stop, so that each
 * caller reads a whole answer before the web server closes their connection.
 * <p>
 * It is in the last phase of the lifecycle, which is the first to stop, before the web
 * server begins its graceful shutdown. Only the clock is started there: the web server
 * waits for those who are answered here.
 */
@Component
public class ShutdownDrain implements SmartLifecycle {

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
	 * Have a caller told when the service cannot wait any longer.
	 * @param tell ends the wait; it is run once, at once where the drain is over
	 * @return to be closed when the caller waits no longer
	 */
	public Wait watch(Runnable tell) {
		Wait wait = new Wait(tell);
		this.waits.add(wait);
		if (this.isOver.get()) {
			wait.end();
		}
		return wait;
	}

	/** How many callers are being waited for. */
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
		this.isOver.set(true);
		List<Wait> left = List.copyOf(this.waits);
		if (!left.isEmpty()) {
			logger.warn("The service stops: {} callers are told to ask again", left.size());
		}
		left.forEach(Wait::end);
	}

	/**
	 * A caller who waits.
	 */
	public final class Wait implements AutoCloseable {

		private final Runnable tell;

		private Wait(Runnable tell) {
			this.tell = tell;
		}

		private void end() {
			if (ShutdownDrain.this.waits.remove(this)) {
				this.tell.run();
			}
		}

		@Override
		public void close() {
			ShutdownDrain.this.waits.remove(this);
		}

	}

}
