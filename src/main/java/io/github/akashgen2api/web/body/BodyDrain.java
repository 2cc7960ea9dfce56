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
 * Discards bodies of answered requests, a few at once.
 */
final class BodyDrain {

	/**
	 * The time that a client has to read the answer while no more of its body is read.
	 */
	private static final Duration READING = Duration.ofSeconds(2);

	private final Semaphore permits;

	private final long limit;

	private final Duration time;

	/**
	 * Set bounds.
	 * @param atOnce how many bodies are drained at once
	 * @param limit how much of each
	 * @param time for how long each
	 */
	BodyDrain(int atOnce, DataSize limit, Duration time) {
		this.permits = new Semaphore(atOnce);
		this.limit = limit.toBytes();
		this.time = time;
	}

	/**
	 * Reserve the draining of a body, before the client is told whether the connection
	 * goes on.
	 * @return whether that may begin; to be released otherwise
	 */
	boolean reserve() {
		return this.permits.tryAcquire();
	}

	/**
	 * Whether a body may be read to its end.
	 * @param length its length; -1 if unknown: then the connection is closed if it turns
	 * out to be longer
	 */
	boolean isWithinLimit(long length) {
		return length <= this.limit;
	}

	void release() {
		this.permits.release();
	}

	/**
	 * Drain a body in the background, for which that was reserved.
	 * @param isDue whether the client sends it
	 * @param callback completed when the body has been read, or when the connection may
	 * be closed
	 */
	void begin(Request request, boolean isDue, Callback callback) {
		Thread.ofVirtual().name("drain").start(() -> run(request, isDue, callback));
	}

	private void run(Request request, boolean isDue, Callback callback) {
		EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
		long answered = System.nanoTime();
		try {
			if (isDue && readsAll(request, endPoint)) {
				callback.succeeded();
			}
			else {
				close(endPoint, answered + READING.toNanos());
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

	/** A read blocks for as long as a client pleases, so the deadline closes. */
	private boolean readsAll(Request request, EndPoint endPoint) throws IOException {
		Scheduler.Task deadline = request.getComponents()
			.getScheduler()
			.schedule(endPoint::close, this.time.toNanos(), TimeUnit.NANOSECONDS);
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
