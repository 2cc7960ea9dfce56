package io.github.akashgen2api.web.body;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.akashgen2api.budget.ProcessorShare;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpMethod;
import org.springframework.util.unit.DataSize;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Limits the size of a request's body, how many bodies are read at once, and how many
 * large ones. One key gets at most half of each, so that other keys can always be served.
 */
final class BodyLimiter implements HandlerInterceptor {

	private static final String PERMIT = BodyLimiter.class.getName();

	private static final DataSize LARGE = DataSize.ofMegabytes(1);

	/** The connection monitor closes slow connections within about a second. */
	private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

	/** Heap for everything except requests, such as clients that wait. */
	private static final long RESERVED_BYTES = 60 * 1024 * 1024;

	/**
	 * Heap of a request whose body arrives slowly, doubled as a reserve. A heap dump with
	 * 680 such requests showed 41 KB of buffers and 14 KB of stack each.
	 */
	private static final int BYTES_PER_REQUEST = 110 * 1024;

	private final DataSize limit;

	/** For all bodies that are being read, or wait to be read. */
	private final KeyedSemaphore bodies;

	private final KeyedSemaphore largeBodies;

	private final ProcessorShare processors;

	private final Duration maxWait;

	private final Duration readTimeout;

	BodyLimiter(DataSize limit, ProcessorShare processors) {
		this(limit, maxBodies(), 16, Duration.ofSeconds(30), Duration.ofMinutes(3), processors);
	}

	/**
	 * Create a limiter.
	 * @param limit the size of the largest body
	 * @param bodies how many bodies are read at once
	 * @param largeBodies how many bodies of more than 1 MB are read at once
	 * @param maxWait how long another large body waits
	 * @param readTimeout how long the client then has to send it
	 * @param processors the processors that read large bodies
	 */
	BodyLimiter(DataSize limit, int bodies, int largeBodies, Duration maxWait, Duration readTimeout,
			ProcessorShare processors) {
		this.limit = limit;
		this.bodies = new KeyedSemaphore(bodies);
		this.largeBodies = new KeyedSemaphore(largeBodies);
		this.maxWait = maxWait;
		this.readTimeout = readTimeout;
		this.processors = processors;
	}

	private static int maxBodies() {
		return Math.clamp((Runtime.getRuntime().maxMemory() - RESERVED_BYTES) / BYTES_PER_REQUEST, 50,
				Integer.MAX_VALUE);
	}

	/**
	 * Acquires a permit before the first byte is read. Spring waits for that byte, and a
	 * client that sends {@code Expect: 100-continue} is told not to send the body.
	 */
	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (request.getContentLengthLong() > this.limit.toBytes()) {
			throw new LargeRequestException.TooLarge(this.limit);
		}
		if (request.getAttribute(PERMIT) == null && request.getMethod().equals(HttpMethod.POST.name())) {
			request.setAttribute(PERMIT, permit(Objects.requireNonNullElse(request.getRemoteUser(), "")));
		}
		return true;
	}

	/** Releases the permit of a body that was never read. */
	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception error) {
		TextCountingStream.release(request);
		if (request.getAttribute(PERMIT) instanceof Permit permit) {
			permit.release();
		}
	}

	/**
	 * Read the body of the current request within the limits, decoded.
	 * @return the body, whose reads may throw {@link LargeRequestException}
	 * @throws LargeRequestException.TooMany if a large body had to wait too long
	 */
	InputStream limited(HttpInputMessage message) throws IOException {
		HttpHeaders headers = message.getHeaders();
		return ContentCoding.isCompressed(headers) ? limited(ContentCoding.decoded(message.getBody(), this.limit), -1)
				: limited(message.getBody(), headers.getContentLength());
	}

	/**
	 * Read the body of the current request within the limits.
	 * @param length the body's length by its header; -1 if unknown
	 * @return the body, whose reads may throw {@link LargeRequestException}
	 * @throws LargeRequestException.TooMany if a large body had to wait too long
	 */
	InputStream limited(InputStream body, long length) {
		LimitedBody limited = new LimitedBody(body, (currentPermit() instanceof Permit permit) ? permit : permit(""));
		if (length > LARGE.toBytes()) {
			limited.waitAsLarge();
		}
		return this.processors.inTurn(limited);
	}

	/** {@code null} on paths without this interceptor, such as the actuator's. */
	private static @Nullable Object currentPermit() {
		return RequestContextHolder.currentRequestAttributes().getAttribute(PERMIT, RequestAttributes.SCOPE_REQUEST);
	}

	private Permit permit(String key) {
		if (!this.bodies.tryAcquire(key, Duration.ZERO)) {
			throw new LargeRequestException.TooMany("Too many requests are being read at once", RETRY_AFTER);
		}
		return new Permit(key);
	}

	/**
	 * The permit of one request.
	 */
	private final class Permit {

		private final String key;

		private final AtomicBoolean isHeld = new AtomicBoolean(true);

		Permit(String key) {
			this.key = key;
		}

		void release() {
			if (this.isHeld.compareAndSet(true, false)) {
				BodyLimiter.this.bodies.release(this.key);
			}
		}

	}

	/**
	 * Holds its permits until it is closed.
	 */
	private final class LimitedBody extends BulkInputStream {

		private final Permit permit;

		private long length;

		private boolean isLarge;

		private long deadline;

		LimitedBody(InputStream body, Permit permit) {
			super(body);
			this.permit = permit;
		}

		@Override
		public int read(byte[] bytes, int offset, int count) throws IOException {
			int read = this.source.read(bytes, offset, count);
			this.length += Math.max(0, read);
			if (this.length > BodyLimiter.this.limit.toBytes()) {
				throw new LargeRequestException.TooLarge(BodyLimiter.this.limit);
			}
			if (this.length > LARGE.toBytes() && !this.isLarge) {
				waitAsLarge();
			}
			if (this.isLarge && System.nanoTime() - this.deadline > 0) {
				throw new SocketTimeoutException("The client did not send the body in time");
			}
			return read;
		}

		private void waitAsLarge() {
			this.isLarge = BodyLimiter.this.largeBodies.tryAcquire(this.permit.key, BodyLimiter.this.maxWait);
			if (!this.isLarge) {
				close();
				throw new LargeRequestException.TooMany("Too many large requests at once", BodyLimiter.this.maxWait);
			}
			this.deadline = System.nanoTime() + BodyLimiter.this.readTimeout.toNanos();
		}

		/** Leaves the request's own stream open. */
		@Override
		public void close() {
			this.permit.release();
			if (this.isLarge) {
				this.isLarge = false;
				BodyLimiter.this.largeBodies.release(this.permit.key);
			}
		}

	}

}
