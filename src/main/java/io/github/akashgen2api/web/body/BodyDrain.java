package io.github.akashgen2api.web.body;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

import org.springframework.util.unit.DataSize;

/**
 * Reads and discards the bodies of answered requests, a limited number at once.
 */
final class BodyDrain {

	private final Semaphore permits;

	private final long limit;

	private final Duration timeout;

	private final Duration closeDelay;

	/**
	 * Create a drain.
	 * @param maxBodies how many bodies are drained at once
	 * @param limit the size of a body up to which it is drained
	 * @param timeout how long a body is drained
	 * @param closeDelay the time for the client to read the answer before the connection
	 * is closed
	 */
	BodyDrain(int maxBodies, DataSize limit, Duration timeout, Duration closeDelay) {
		this.permits = new Semaphore(maxBodies);
		this.limit = limit.toBytes();
		this.timeout = timeout;
		this.closeDelay = closeDelay;
	}

	/**
	 * Reserve a permit before the answer says whether the connection stays open.
	 * @return whether there was a permit, which {@link #begin} or {@link #release} gives
	 * back
	 */
	boolean reserve() {
		return this.permits.tryAcquire();
	}

	/**
	 * Whether a body is small enough to be drained.
	 * @param length its length; -1 if unknown, which is within the limit until more bytes
	 * are read
	 */
	boolean isWithinLimit(long length) {
		return length <= this.limit;
	}

	void release() {
		this.permits.release();
	}

	/**
	 * Drain a body on another thread, with a reserved permit.
	 * @param isSent whether the client sends the body
	 * @param callback completed when the body has been read, or failed when the
	 * connection has been closed
	 */
	void begin(Request request, boolean isSent, Callback callback) {
		Thread.ofVirtual().name("drain").start(() -> run(request, isSent, callback));
	}

	private void run(Request request, boolean isSent, Callback callback) {
		EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
		long answered = System.nanoTime();
		try {
			if (isSent && readsAll(request, endPoint)) {
				callback.succeeded();
			}
			else {
				close(endPoint, answered + this.closeDelay.toNanos());
				callback.failed(new EofException("The client sends more than is read"));
			}
		}
		catch (IOException ex) {
			callback.failed(ex);
		}
		finally {
			release();
		}
	}

	/** A read has no timeout of its own, so the deadline closes the connection. */
	private boolean readsAll(Request request, EndPoint endPoint) throws IOException {
		Scheduler.Task deadline = request.getComponents()
			.getScheduler()
			.schedule(endPoint::close, this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		try {
			InputStream body = Content.Source.asInputStream(request);
			return body.skip(this.limit + 1) <= this.limit;
		}
		finally {
			deadline.cancel();
		}
	}

	private static void close(EndPoint endPoint, long time) {
		endPoint.shutdownOutput();
		try {
			TimeUnit.NANOSECONDS.sleep(time - System.nanoTime());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		endPoint.close();
	}

}
