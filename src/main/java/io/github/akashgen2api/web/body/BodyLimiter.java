package io.github.akashgen2api.web.body;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.github.akashgen2api.budget.ProcessorShare;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.unit.DataSize;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Bounds how large a request's body may be, and how many large ones are read at once: in
 * total, and with one key, so that those with another key find a turn.
 */
final class BodyLimiter implements HandlerInterceptor {

	static final DataSize LIMIT = DataSize.ofMegabytes(32);

	private static final String PLACE = BodyLimiter.class.getName();

	private static final DataSize LARGE = DataSize.ofMegabytes(1);

	/** Slow ones are closed within about a second when they are too many. */
	private static final Duration SOON = Duration.ofSeconds(1);

	/** Heap for everything that is not a request, as for the clients that wait. */
	private static final long BYTES_BEFORE = 60 * 1024 * 1024;

	/**
	 * Heap of a request whose body comes slowly: 41 KB of buffers and 14 KB of stack, in
	 * a heap dump with 680 of them, and as much again to spare.
	 */
	private static final int BYTES_PER_REQUEST = 110 * 1024;

	/** For requests whose bodies are being read, or wait for a turn. */
	private final Semaphore places;

	private final Semaphore turns;

	/** One key gets half of each. */
	private final Function<String, Share> newShare;

	private final Map<String, Share> shares = new ConcurrentHashMap<>();

	private final ProcessorShare processors;

	private final Duration patience;

	private final Duration readTimeout;

	BodyLimiter(ProcessorShare processors) {
		this(fitting(), 16, Duration.ofSeconds(30), Duration.ofMinutes(3), processors);
	}

	/**
	 * Set bounds.
	 * @param places how many bodies of any size are read at once, half of them with one
	 * key
	 * @param atOnce how many large bodies are read at once, half of them with one key
	 * @param patience how long one more waits for its turn
	 * @param readTimeout how long the client then has to send it
	 * @param processors which read large bodies
	 */
	BodyLimiter(int places, int atOnce, Duration patience, Duration readTimeout, ProcessorShare processors) {
		this.places = new Semaphore(places);
		this.turns = new Semaphore(atOnce, true);
		this.newShare = (_) -> new Share(new Semaphore(Math.max(1, places / 2)),
				new Semaphore(Math.max(1, atOnce / 2), true));
		this.patience = patience;
		this.readTimeout = readTimeout;
		this.processors = processors;
	}

	private static int fitting() {
		return Math.clamp((Runtime.getRuntime().maxMemory() - BYTES_BEFORE) / BYTES_PER_REQUEST, 50, Integer.MAX_VALUE);
	}

	/**
	 * Take a place before the first byte is read: Spring waits for it, and a client that
	 * sends {@code Expect: 100-continue} is told not to send the body.
	 */
	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (request.getContentLengthLong() > LIMIT.toBytes()) {
			throw new LargeRequestException.TooLarge(LIMIT);
		}
		if (request.getAttribute(PLACE) == null && request.getMethod().equals(HttpMethod.POST.name())) {
			request.setAttribute(PLACE, place(Objects.requireNonNullElse(request.getRemoteUser(), "")));
		}
		return true;
	}

	/** A body that was never read keeps its place until here. */
	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception failure) {
		TextWhileRead.letGo(request);
		if (request.getAttribute(PLACE) instanceof Place place) {
			place.leave();
		}
	}

	/**
	 * Read the body of the current request within these bounds.
	 * @param length what its header says; -1 where it does not say
	 * @return the body, which may throw {@link LargeRequestException} as it is read
	 * @throws LargeRequestException.TooMany if its turn did not come
	 */
	InputStream bounded(InputStream body, long length) {
		Bounded bounded = new Bounded(body, (heldPlace() instanceof Place held) ? held : place(""));
		if (length > LARGE.toBytes()) {
			bounded.enter();
		}
		return this.processors.inTurn(bounded);
	}

	/** {@code null} on paths without this interceptor, such as the actuator's. */
	private static @Nullable Object heldPlace() {
		return RequestContextHolder.currentRequestAttributes().getAttribute(PLACE, RequestAttributes.SCOPE_REQUEST);
	}

	private Place place(String key) {
		Share share = this.shares.computeIfAbsent(key, this.newShare);
		if (!share.places.tryAcquire()) {
			throw tooManyAreRead();
		}
		if (!this.places.tryAcquire()) {
			share.places.release();
			throw tooManyAreRead();
		}
		return new Place(share);
	}

	private static LargeRequestException tooManyAreRead() {
		return new LargeRequestException.TooMany("Too many requests are being read at once", SOON);
	}

	/**
	 * What one key may take.
	 */
	private record Share(Semaphore places, Semaphore turns) {

	}

	/**
	 * The place of one request.
	 */
	private final class Place {

		private final Share share;

		private final AtomicBoolean isHeld = new AtomicBoolean(true);

		Place(Share share) {
			this.share = share;
		}

		void leave() {
			if (this.isHeld.compareAndSet(true, false)) {
				BodyLimiter.this.places.release();
				this.share.places.release();
			}
		}

	}

	/**
	 * Holds its place and its turn until it is closed.
	 */
	private final class Bounded extends InputStream {

		private final InputStream body;

		private final Place place;

		private long length;

		private boolean holdsTurn;

		private long deadline;

		Bounded(InputStream body, Place place) {
			this.body = body;
			this.place = place;
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
				throw new SocketTimeoutException("The client did not send the body in time");
			}
			return read;
		}

		private void enter() {
			try {
				this.holdsTurn = takesTurn();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			if (!this.holdsTurn) {
				close();
				throw new LargeRequestException.TooMany("Too many large requests at once", BodyLimiter.this.patience);
			}
			this.deadline = System.nanoTime() + BodyLimiter.this.readTimeout.toNanos();
		}

		private boolean takesTurn() throws InterruptedException {
			long end = System.nanoTime() + BodyLimiter.this.patience.toNanos();
			if (!this.place.share.turns.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
				return false;
			}
			boolean isTaken = false;
			try {
				isTaken = BodyLimiter.this.turns.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
			finally {
				if (!isTaken) {
					this.place.share.turns.release();
				}
			}
			return isTaken;
		}

		@Override
		public void close() {
			this.place.leave();
			if (this.holdsTurn) {
				this.holdsTurn = false;
				BodyLimiter.this.turns.release();
				this.place.share.turns.release();
			}
		}

	}

}
