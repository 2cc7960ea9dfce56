package io.github.akashgen2api.web.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.awaitility.Awaitility;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IdleTimeoutConnection}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class IdleTimeoutConnectionTests {

	private static final Duration IDLE = Duration.ofMillis(50);

	private final Server server = new Server();

	private final ServerConnector connector = new ServerConnector(this.server,
			new HeaderBudgetConnection.Factory(new HttpConfiguration(), new HeaderBudget(1_000_000)));

	/** The outcome of the last request on the server's side. */
	private final CompletableFuture<Void> outcome = new CompletableFuture<>();

	@BeforeEach
	void start() throws Exception {
		this.connector.setHost("127.0.0.1");
		this.connector.setIdleTimeout(IDLE.toMillis());
		this.server.addConnector(this.connector);
		this.server.setHandler(new Handler.Abstract() {
			@Override
			public boolean handle(Request request, Response response, Callback callback) throws Exception {
				Callback noted = Callback.from(callback, noting());
				switch (Request.getPathInContext(request)) {
					case "/late" -> late(request, response, noted);
					case "/large" -> response.write(true, ByteBuffer.allocate(64 * 1024 * 1024), noted);
					default -> read(request, noted);
				}
				return true;
			}
		});
		this.server.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.server.stop();
	}

	@Test
	void answerIsSentAlthoughTheIdleTimeoutExpiresAtItsStart() throws IOException {
		try (Socket client = client("GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) {
			assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.startsWith("HTTP/1.1 200 ")
				.endsWith("done");
		}
		assertThat(this.outcome).succeedsWithin(Duration.ofMinutes(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "GET / HT", "GET /late HTTP/1.1\r\nHost" })
	void connectionWhenNoRequestComesIsClosed(String beginning) throws IOException {
		try (Socket client = client(beginning)) {
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void connectionWhenNoFurtherRequestComesIsClosed() throws IOException {
		try (Socket client = client("GET /late HTTP/1.1\r\nHost: x\r\n\r\n")) {
			assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).endsWith("done");
		}
	}

	@Test
	void requestWithoutItsBodyFails() throws IOException {
		try (Socket _ = client("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfive.")) {
			assertThat(this.outcome).failsWithin(Duration.ofMinutes(1))
				.withThrowableThat()
				.havingRootCause()
				.isInstanceOf(TimeoutException.class);
		}
	}

	@Test
	void answerThatTheClientDoesNotReadFails() throws IOException {
		try (Socket client = client("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")) {
			InputStream answer = client.getInputStream();
			assertThat(answer.read()).isEqualTo('H');
			assertThat(this.outcome).failsWithin(Duration.ofMinutes(1))
				.withThrowableThat()
				.havingRootCause()
				.isInstanceOf(TimeoutException.class);
		}
	}

	/** The timeout expires between the start of a write and its first byte. */
	private static void late(Request request, Response response, Callback callback) {
		request.addHttpStreamWrapper((stream) -> new HttpStream.Wrapper(stream) {
			@Override
			public void send(MetaData.Request metaData, MetaData.Response head, boolean last, ByteBuffer content,
					Callback sent) {
				awaitExpiries((AbstractEndPoint) request.getConnectionMetaData().getConnection().getEndPoint());
				super.send(metaData, head, last, content, sent);
			}
		});
		response.write(true, BufferUtil.toBuffer("done"), callback);
	}

	/**
	 * Only an expiry, or bytes, reset the idle time. At the third expiry, all effects of
	 * the first one have happened.
	 */
	private static void awaitExpiries(AbstractEndPoint endPoint) {
		AtomicLong before = new AtomicLong();
		AtomicInteger expiries = new AtomicInteger();
		Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(5)).until(() -> {
			long now = endPoint.getIdleFor();
			return now < before.getAndSet(now) && expiries.incrementAndGet() == 3;
		});
	}

	private Callback noting() {
		return Callback.from(() -> this.outcome.complete(null), this.outcome::completeExceptionally);
	}

	private static void read(Request request, Callback callback) {
		Content.Source.consumeAll(request, callback);
	}

	private Socket client(String request) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.connector.getLocalPort());
		socket.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

}
