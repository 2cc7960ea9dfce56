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
 * Checks all connections once a second and closes those of slow clients.
 * <p>
 * A client is slow if it does not finish a header, does not send a body that is being
 * read, or does not read its answer. A client that waits for an answer or for the next
 * event of a stream is not slow.
 */
final class ConnectionMonitor extends AbstractLifeCycle {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionMonitor.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final Duration CLOSING = Duration.ofSeconds(2);

	private static final Duration IDLE = Duration.ofSeconds(60);

	/** The bytes of a body that must arrive within the client's timeout. */
	private static final int MIN_BYTES = 16 * 1024;

	private final ServerConnector connector;

	private final int maxBlocked;

	private final ConnectionProperties settings;

	/** All connections that wait for their client. */
	private Map<EndPoint, Progress> waiting = new HashMap<>();

	private @Nullable Thread thread;

	/**
	 * Create a monitor of a connector.
	 * @param maxBlocked how many connections may block a thread at once
	 * @param settings the time for a header, for {@link #MIN_BYTES} of a body, and for
	 * any byte of an answer
	 */
	ConnectionMonitor(ServerConnector connector, int maxBlocked, ConnectionProperties settings) {
		this.connector = connector;
		this.maxBlocked = maxBlocked;
		this.settings = settings;
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

	/** An exception must not end the checks. */
	private void tick() {
		try {
			check(System.nanoTime());
		}
		catch (RuntimeException ex) {
			logger.error("Cannot check the connections", ex);
		}
	}

	private void check(long now) {
		Map<EndPoint, Progress> next = new HashMap<>();
		for (EndPoint endPoint : this.connector.getConnectedEndPoints()) {
			if (endPoint instanceof AbstractEndPoint open
					&& endPoint.getConnection() instanceof HttpConnection connection) {
				Progress progress = progress(connection, open, now);
				if (progress.isOver(now, limit(progress.phase))) {
					close(connection, open, progress);
				}
				else if (progress.phase != Phase.IN_USE) {
					next.put(endPoint, progress);
				}
			}
		}
		closeSlowest(next);
		this.waiting = next;
	}

	/**
	 * On a busy machine, a header may have arrived that the service has not read yet. The
	 * threads that read are asked in their turn, when they have read it.
	 */
	private void close(HttpConnection connection, AbstractEndPoint endPoint, Progress progress) {
		if (progress.phase != Phase.HEADER) {
			endPoint.close();
			return;
		}
		this.connector.getExecutor().execute(() -> {
			if (phase(connection, endPoint) == Phase.HEADER && connection.getMessagesIn() == progress.request) {
				endPoint.close();
			}
		});
	}

	/** A blocked connection takes the memory of a thread's stack and of buffers. */
	private void closeSlowest(Map<EndPoint, Progress> connections) {
		List<EndPoint> blocked = connections.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().phase.isBlocked())
			.sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Progress::since)))
			.map(Map.Entry::getKey)
			.toList();
		blocked.subList(0, Math.max(0, blocked.size() - this.maxBlocked)).forEach(EndPoint::close);
	}

	private Progress progress(HttpConnection connection, AbstractEndPoint endPoint, long now) {
		Phase phase = phase(connection, endPoint);
		long since = (phase == Phase.ANSWER) ? now - TimeUnit.MILLISECONDS.toNanos(endPoint.getIdleFor()) : now;
		Progress current = new Progress(phase, connection.getMessagesIn(), connection.getBytesIn(), since);
		Progress before = this.waiting.get(endPoint);
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

	private Duration limit(Phase phase) {
		return switch (phase) {
			case HEADER -> this.settings.headerTimeout();
			case BODY, ANSWER -> this.settings.clientTimeout();
			case CLOSING -> CLOSING;
			case IDLE -> IDLE;
			case IN_USE -> ChronoUnit.FOREVER.getDuration();
		};
	}

	/**
	 * The phase of a connection.
	 */
	private enum Phase {

		/** From the start of the connection, or the first byte of a later header. */
		HEADER,

		/** The service waits for the client to send more of the body. */
		BODY,

		/** The service waits for the client to read more of the answer. */
		ANSWER,

		/** The service waits for the client to close, after the last answer. */
		CLOSING,

		/** Between two requests. */
		IDLE,

		/** The client waits for the service. */
		IN_USE;

		/** Whether it blocks a thread. */
		boolean isBlocked() {
			return this == BODY || this == ANSWER;
		}

	}

	/**
	 * The phase of a request and its start.
	 *
	 * @param request the number of the request on the connection
	 * @param bytesIn the bytes read at the start
	 * @param since the start, in nanoseconds
	 */
	private record Progress(Phase phase, long request, long bytesIn, long since) {

		boolean continues(Progress before) {
			boolean isSame = before.phase == this.phase && before.request == this.request;
			boolean isEnough = (this.phase == Phase.BODY) ? this.bytesIn - before.bytesIn >= MIN_BYTES
					: this.phase == Phase.ANSWER;
			return isSame && !isEnough;
		}

		boolean isOver(long now, Duration limit) {
			return limit.compareTo(Duration.ofNanos(now - this.since)) < 0;
		}

	}

}
