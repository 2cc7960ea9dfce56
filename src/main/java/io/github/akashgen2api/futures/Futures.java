package io.github.akashgen2api.futures;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Waits for futures as a method call would: what a future has failed with is thrown, and
 * not wrapped.
 */
public final class Futures {

	private Futures() {
	}

	/**
	 * Wait for a result.
	 * @throws RuntimeException what the future has failed with
	 * @throws CompletionException if it has failed with an {@code Error}
	 */
	public static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
		try {
			return future.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	/**
	 * Wait until a future is done, whatever its result, but not for ever. The future is
	 * left as it is.
	 * @param atMost the longest wait; 0 or less only looks
	 * @return whether it is done
	 * @throws CancellationException if the thread was interrupted; the flag stays set
	 */
	public static boolean isDone(CompletableFuture<?> future, Duration atMost) {
		try {
			future.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (ExecutionException | CancellationException ex) {
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CancellationException("Interrupted");
		}
	}

}
