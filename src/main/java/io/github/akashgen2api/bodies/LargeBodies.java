package io.github.akashgen2api.bodies;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Bounds how large a request's body may be, and how many large ones are read at once.
 */
final class LargeBodies implements HandlerInterceptor {

	static final DataSize LIMIT = DataSize.ofMegabytes(32);

	private static final DataSize LARGE = DataSize.ofMegabytes(1);

	private final Semaphore permits;

	private final Duration patience;

	private final Duration readTimeout;

	LargeBodies() {
		this(8, Duration.ofSeconds(30), Duration.ofMinutes(3));
	}

	/**
	 * Set bounds.
	 * @param atOnce how many large bodies are read at once
	 * @param patience how long one more waits for its turn
	 * @param readTimeout what its caller then has to send it
	 */
	LargeBodies(int atOnce, Duration patience, Duration readTimeout) {
		this.permits = new Semaphore(atOnce, true);
		this.patience = patience;
		this.readTimeout = readTimeout;
	}

	/** Before any of it is read: who asks whether to send it shall not. */
	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (request.getContentLengthLong() > LIMIT.toBytes()) {
			throw new LargeRequestException.TooLarge(LIMIT);
		}
		return true;
	}

	/** Whatever became of the request. */
	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception failure) {
		TextWhileRead.letGo(request);
	}

	/**
	 * Read a body within these bounds.
	 * @param length what its header says; -1 where it does not say
	 * @return the body, which may throw {@link LargeRequestException} as it is read
	 * @throws LargeRequestException.TooMany if its turn did not come
	 */
	InputStream bounded(InputStream body, long length) {
		Bounded bounded = new Bounded(body);
		if (length > LARGE.toBytes()) {
			bounded.enter();
		}
		return bounded;
	}

	/**
	 * Holds its turn until it is closed.
	 */
	private final class Bounded extends InputStream {

		private final InputStream body;

		private long length;

		private boolean holdsTurn;

		private long deadline;

		Bounded(InputStream body) {
			this.body = body;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
		}

		@Override
		public int read(byte[] bytes, int offset, int count) throws IOException {
			int read = this.body.read(bytes, offset, count);
			this.length += Math.max(0, read);
			if (this.length > LIMIT.toBytes()) {
				throw new LargeRequestException.TooLarge(LIMIT);
			}
			if (this.length > LARGE.toBytes() && !this.holdsTurn) {
				enter();
			}
			if (this.holdsTurn && System.nanoTime() - this.deadline > 0) {
				throw new SocketTimeoutException("The caller did not send the body in time");
			}
			return read;
		}

		private void enter() {
			try {
				this.holdsTurn = LargeBodies.this.permits.tryAcquire(LargeBodies.this.patience.toNanos(),
						TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			if (!this.holdsTurn) {
				throw new LargeRequestException.TooMany(LargeBodies.this.patience);
			}
			this.deadline = System.nanoTime() + LargeBodies.this.readTimeout.toNanos();
		}

		@Override
		public void close() {
			if (this.holdsTurn) {
				this.holdsTurn = false;
				LargeBodies.this.permits.release();
			}
		}

	}

}
