package io.github.akashgen2api.web.server;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose clients are too slow, once a second.
 * <p>
 * A client is too slow only while bytes of it are due: those of a header that it has
 * begun, of a body that is being read, or of an answer that it does not take. No client
 * is that waits for an answer, and no event stream between two events.
 */
final class ConnectionMonitor extends AbstractLifeCycle {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionMonitor.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** What of a body has to come while it is due. */
	private static final int BYTES_DUE = 16 * 1024;

	private final ServerConnector connector;

	private final int mostBlocked;

	private final Duration due;

	/** Connections on which no request is being served, or that owe a body. */
	private Map<EndPoint, Progress> slow = new HashMap<>();

	private @Nullable Thread thread;

	/**
	 * Create a monitor of a connector.
	 * @param mostBlocked how many connections may keep a thread waiting at once
	 * @param due how long it may be until {@link #BYTES_DUE} of a body have come, or
	 * until any of an answer has been taken
	 */
	ConnectionMonitor(ServerConnector connector, int mostBlocked, Duration due) {
		this.connector = connector;
		this.mostBlocked = mostBlocked;
		this.due = due;
	}

	@Override
	protected void doStart() {
		this.thread = Thread.ofVirtual().name("connection-monitor").start(this::run);
	}

	@Override
	protected void doStop() {
		if (this.thread != null) {
			this.thread.interrupt();
		}
	}

	private void run() {
		try {
			while (true) {
				Thread.sleep(INTERVAL);
				tick();
			}
		}
		catch (InterruptedException ex) {
			// The server stops.
		}
	}

	/** Whatever one connection does, the others have to be looked at. */
	private void tick() {
		try {
			sweep(System.nanoTime());
		}
		catch (RuntimeException ex) {
			logger.error("Cannot check the connections", ex);
		}
	}

	private void sweep(long now) {
		Map<EndPoint, Progress> next = new HashMap<>();
		for (EndPoint endPoint : this.connector.getConnectedEndPoints()) {
			if (endPoint instanceof AbstractEndPoint open
					&& endPoint.getConnection() instanceof HttpConnection connection) {
				Progress progress = progress(connection, open, now);
				if (progress.isOver(now, this.due)) {
					endPoint.close();
				}
				else if (progress.phase != Phase.IN_USE) {
					next.put(endPoint, progress);
				}
			}
		}
		closeSlowest(next);
		this.slow = next;
	}

	/** Each that is blocked takes a thread's stack and buffers. */
	private void closeSlowest(Map<EndPoint, Progress> connections) {
		List<EndPoint> blocked = connections.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().phase.isBlocked())
			.sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Progress::since)))
			.map(Map.Entry::getKey)
			.toList();
		blocked.subList(0, Math.max(0, blocked.size() - this.mostBlocked)).forEach(EndPoint::close);
	}

	private Progress progress(HttpConnection connection, AbstractEndPoint endPoint, long now) {
		Phase phase = phase(connection, endPoint);
		long since = (phase == Phase.ANSWER) ? now - TimeUnit.MILLISECONDS.toNanos(endPoint.getIdleFor()) : now;
		Progress current = new Progress(phase, connection.getMessagesIn(), connection.getBytesIn(), since);
		Progress before = this.slow.get(endPoint);
		return (before != null && current.continues(before)) ? before : current;
	}

	private static Phase phase(HttpConnection connection, AbstractEndPoint endPoint) {
		HttpParser parser = connection.getParser();
		if (endPoint.getWriteFlusher().isPending()) {
			return Phase.ANSWER;
		}
		if (endPoint.isOutputShutdown() || parser.isTerminated()) {
			return Phase.CLOSING;
		}
		if (parser.inHeaderState()) {
			return (parser.isStart() && connection.getMessagesIn() > 0) ? Phase.IDLE : Phase.HEADER;
		}
		return (parser.inContentState() && endPoint.isFillInterested()) ? Phase.BODY : Phase.IN_USE;
	}

	/**
	 * Where a connection stands, and how long it may stay there.
	 */
	private enum Phase {

		/** From the first byte of a header, or from the beginning of the connection. */
		HEADER(Duration.ofSeconds(10)),

		/** A body is being read, and the client does not send it. */
		BODY(null),

		/** An answer is being written, and the client takes none of it. */
		ANSWER(null),

		/** The last answer has been written; the client has to close too. */
		CLOSING(Duration.ofSeconds(2)),

		/** Between two requests. */
		IDLE(Duration.ofSeconds(60)),

		/** The client waits. */
		IN_USE(ChronoUnit.FOREVER.getDuration());

		/** {@code null} where a thread waits. */
		private final @Nullable Duration limit;

		Phase(@Nullable Duration limit) {
			this.limit = limit;
		}

		boolean isBlocked() {
			return this.limit == null;
		}

	}

	/**
	 * Since when a connection has been in a phase of a request.
	 */
	private record Progress(Phase phase, long request, long bytesIn, long since) {

		boolean continues(Progress before) {
			boolean isSame = before.phase == this.phase && before.request == this.request;
			boolean isEnough = (this.phase == Phase.BODY) ? this.bytesIn - before.bytesIn >= BYTES_DUE
					: this.phase == Phase.ANSWER;
			return isSame && !isEnough;
		}

		boolean isOver(long now, Duration due) {
			Duration limit = (this.phase.limit != null) ? this.phase.limit : due;
			return limit.compareTo(Duration.ofNanos(now - this.since)) < 0;
		}

	}

}
