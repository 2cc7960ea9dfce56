package io.github.akashgen2api.web.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionMonitor}.
 */
@Timeout(120)
class ConnectionMonitorTests {

	private static final int LARGE = 16 * 1024 * 1024;

	private final PausableThreadPool threads = new PausableThreadPool();

	private final Server server = new Server(this.threads);

	private final ServerConnector connector = new ServerConnector(this.server);

	private final List<Socket> sockets = new ArrayList<>();

	private final CountDownLatch done = new CountDownLatch(1);

	@AfterEach
	void stop() throws Exception {
		this.done.countDown();
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.server.stop();
	}

	@Test
	void connectionWhenTheBodyDoesNotArriveIsClosed() throws Exception {
		start(100, Duration.ofMillis(500));
		Socket socket = send("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> isClosed(socket));
	}

	@Test
	void connectionWhenTheAnswerIsNotReadIsClosed() throws Exception {
		start(100, Duration.ofMillis(500));
		Socket idle = send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
		assertThat(idle.getInputStream().read()).isEqualTo('H');
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.connector.getConnectedEndPoints().isEmpty());
	}

	@Test
	void connectionWhenItsClientWaitsStaysOpen() throws Exception {
		start(1, Duration.ofMillis(1));
		List<Socket> waiting = List.of(send("POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"),
				send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"));
		Socket stalled = send("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> isClosed(stalled));
		this.done.countDown();
		for (Socket socket : waiting) {
			assertThat(socket.getInputStream().readNBytes(13)).asString().isEqualTo("HTTP/1.1 200 ");
		}
	}

	@Test
	void connectionWhoseHeaderTheServiceHasNotReadYetStaysOpen() throws Exception {
		start(100, Duration.ofMinutes(10), Duration.ofSeconds(4));
		Socket slow = send("GET /large HTTP/1.1\r\n");
		Socket stalled = send("GET /large HTTP/1.1\r\n");
		Awaitility.await()
			.until(() -> this.connector.getConnectedEndPoints()
				.stream()
				.filter((endPoint) -> endPoint.getConnection() instanceof HttpConnection connection
						&& connection.getBytesIn() > 0)
				.count() == 2);
		this.threads.pause(true);
		slow.getOutputStream().write("Host: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		// The read of the one, and the end of both.
		Awaitility.await().until(() -> this.threads.held() >= 3);
		this.threads.pause(false);
		assertThat(stalled.getInputStream().read()).isEqualTo(-1);
		assertThat(slow.getInputStream().readNBytes(13)).asString().isEqualTo("HTTP/1.1 200 ");
	}

	@Test
	void blockedConnectionsBeyondTheLimitAreClosedBeforeTheTimeout() throws Exception {
		start(1, Duration.ofMinutes(10));
		for (int i = 0; i < 5; i++) {
			var _ = send("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
		}
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> this.connector.getConnectedEndPoints().size() == 1);
	}

	private void start(int mostBlocked, Duration due) throws Exception {
		start(mostBlocked, due, Duration.ofMinutes(10));
	}

	private void start(int mostBlocked, Duration due, Duration header) throws Exception {
		this.connector.setHost("127.0.0.1");
		this.connector.setAcceptedSendBufferSize(64 * 1024);
		this.connector
			.addBean(new ConnectionMonitor(this.connector, mostBlocked, new ConnectionProperties(header, due)));
		this.server.addConnector(this.connector);
		this.server.setHandler(new PathHandler());
		this.server.start();
	}

	private Socket send(String request) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.connector.getLocalPort()));
		this.sockets.add(socket);
		socket.setSoTimeout(60_000);
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	/** Whether the connection is closed, although its client sends a byte regularly. */
	private static boolean isClosed(Socket socket) throws IOException {
		try {
			socket.getOutputStream().write('y');
			return false;
		}
		catch (SocketException ex) {
			return true;
		}
	}

	private final class PathHandler extends Handler.Abstract {

		@Override
		public boolean handle(Request request, Response response, Callback callback) throws Exception {
			switch (request.getHttpURI().getPath()) {
				case "/wait" -> ConnectionMonitorTests.this.done.await(1, TimeUnit.MINUTES);
				case "/read" -> read(request);
				default -> {
					response.write(true, ByteBuffer.allocate(LARGE), callback);
					return true;
				}
			}
			callback.succeeded();
			return true;
		}

		private static void read(Request request) throws IOException {
			try (InputStream body = Content.Source.asInputStream(request)) {
				body.readAllBytes();
			}
		}

	}

	/** Runs nothing while it is paused, as on a machine that is too busy. */
	private static final class PausableThreadPool extends QueuedThreadPool {

		private final List<Runnable> held = new ArrayList<>();

		private boolean isPaused;

		synchronized void pause(boolean isPaused) {
			this.isPaused = isPaused;
			if (!isPaused) {
				this.held.forEach(super::execute);
				this.held.clear();
			}
		}

		synchronized int held() {
			return this.held.size();
		}

		@Override
		public synchronized void execute(Runnable job) {
			if (this.isPaused) {
				this.held.add(job);
			}
			else {
				super.execute(job);
			}
		}

		@Override
		public synchronized boolean tryExecute(Runnable job) {
			return !this.isPaused && super.tryExecute(job);
		}

	}

}
