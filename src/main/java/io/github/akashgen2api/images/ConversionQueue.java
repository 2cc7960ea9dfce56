package io.github.akashgen2api.images;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.springframework.stereotype.Component;

/**
 * A queue of conversions, first come, first served. Two run at once, or one if there is
 * little memory; 32 wait; more are refused.
 */
@Component
class ConversionQueue {

	private static final int MAX_WAITING = 32;

	/** One if two would take half of the heap. */
	private static final int AT_ONCE = (Runtime.getRuntime().maxMemory() >= 4 * DecoderMemory.MAX_BYTES) ? 2 : 1;

	/**
	 * Platform threads: on a virtual one, a conversion would keep others from running
	 * until its end.
	 */
	private final ThreadPoolExecutor threads;

	ConversionQueue() {
		this(AT_ONCE, MAX_WAITING);
	}

	ConversionQueue(int atOnce, int maxWaiting) {
		this.threads = new ThreadPoolExecutor(atOnce, atOnce, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(maxWaiting),
				Thread.ofPlatform().daemon().name("conversion-", 0).factory());
		this.threads.allowCoreThreadTimeOut(true);
	}

	/**
	 * Run work in its turn, and wait for its end.
	 * @param isGone whether the client has disconnected; the work is then not begun
	 * @throws ConversionQueueFullException if too many conversions are waiting
	 * @throws CancellationException if the client has disconnected, or if the thread was
	 * interrupted; the flag is then set
	 */
	<T> T run(BooleanSupplier isGone, Supplier<T> work) {
		Conversion<T> conversion = new Conversion<>(isGone, work);
		enqueue(conversion);
		try {
			return conversion.get();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex.getCause());
		}
		catch (InterruptedException ex) {
			conversion.cancel(false);
			this.threads.remove(conversion);
			Thread.currentThread().interrupt();
			throw new CancellationException("The thread was interrupted");
		}
	}

	/** How many conversions are waiting. */
	int waiting() {
		return this.threads.getQueue().size();
	}

	private void enqueue(Conversion<?> conversion) {
		try {
			this.threads.execute(conversion);
		}
		catch (RejectedExecutionException ex) {
			cancelGone();
			try {
				this.threads.execute(conversion);
			}
			catch (RejectedExecutionException again) {
				throw new ConversionQueueFullException();
			}
		}
	}

	private void cancelGone() {
		this.threads.getQueue().removeIf((waiting) -> ((Conversion<?>) waiting).cancelIfGone());
	}

	private static final class Conversion<T> extends FutureTask<T> {

		private final BooleanSupplier isGone;

		Conversion(BooleanSupplier isGone, Supplier<T> work) {
			super(work::get);
			this.isGone = isGone;
		}

		boolean cancelIfGone() {
			return this.isGone.getAsBoolean() && cancel(false);
		}

		@Override
		public void run() {
			if (!cancelIfGone()) {
				super.run();
			}
		}

	}

}
