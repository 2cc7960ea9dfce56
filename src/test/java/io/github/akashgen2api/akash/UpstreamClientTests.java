package io.github.akashgen2api.akash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThatCode;

/**
 * Tests for {@link UpstreamClient}: what happens on its connections.
 */
class UpstreamClientTests {

	private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

	private Server server;

	@BeforeEach
	void start() throws IOException {
		this.server = new Server(InetAddress.getLoopbackAddress());
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Header: a\r\n", "x" })
	void exchangeWhenHeadDoesNotEndIsConnectionLost(String part) {
		this.server.answer((stream) -> {
			stream.write(HEAD.getBytes(StandardCharsets.US_ASCII));
			while (true) {
				stream.write(part.repeat(1000).getBytes(StandardCharsets.US_ASCII));
			}
		});
		UpstreamClient client = client(Duration.ofMinutes(1));
		assertThatExceptionOfType(AkashGenException.ConnectionLost.class)
			.isThrownBy(() -> client.exchange(client.get("/x")))
			.withMessage("Connection to AkashGen lost while requesting a test");
	}

	@Test
	void exchangeWhenHeadTricklesIsATimeout() {
		this.server.answer((stream) -> {
			stream.write(HEAD.getBytes(StandardCharsets.US_ASCII));
			trickle(stream, "X: y\r\n");
		});
		UpstreamClient client = client(Duration.ofMillis(300));
		assertThatExceptionOfType(AkashGenException.Timeout.class).isThrownBy(() -> client.exchange(client.get("/x")))
			.withMessage("AkashGen did not answer in time when asked for a test");
	}

	@Test
	void exchangeWhenBodyTricklesIsCutAtTheTimeout() {
		this.server.answer((stream) -> {
			stream.write((HEAD + "\r\nbegin").getBytes(StandardCharsets.US_ASCII));
			trickle(stream, "x");
		});
		UpstreamClient client = client(Duration.ofMillis(500));
		UpstreamResponse answer = client.exchange(client.get("/x"));
		assertThat(answer.isLate()).isTrue();
		assertThat(answer.text()).startsWith("beginx");
	}

	@Test
	void exchangeWhenStreamedBodyTricklesEndsLate() {
		this.server.answer((stream) -> {
			stream.write((HEAD + "\r\n").getBytes(StandardCharsets.US_ASCII));
			trickle(stream, "x");
		});
		UpstreamClient client = client(Duration.ofMillis(500));
		assertThat(client.exchange(client.get("/x"), (answer) -> {
			try {
				return "read " + answer.body().readAllBytes().length;
			}
			catch (IOException ex) {
				return answer.endAfter(ex).name();
			}
		}, UpstreamResponse::text)).isEqualTo("LATE");
	}

	@Test
	void exchangeWhenReaderLeavesTheRestClosesTheConnection() throws InterruptedException {
		CountDownLatch closed = new CountDownLatch(1);
		this.server.answer((stream) -> {
			stream.write((HEAD + "\r\n").getBytes(StandardCharsets.US_ASCII));
			try {
				while (true) {
					stream.write(new byte[8192]);
				}
			}
			catch (IOException ex) {
				closed.countDown();
			}
		});
		UpstreamClient client = client(Duration.ofMinutes(10));
		assertThat(client.exchange(client.get("/x"), (answer) -> {
			try (InputStream body = answer.body()) {
				return "read " + body.readNBytes(10).length;
			}
			catch (IOException ex) {
				return ex.toString();
			}
		}, UpstreamResponse::text)).isEqualTo("read 10");
		closed.await();
	}

	@Test
	void exchangeWhenAnswerIsWholeKeepsTheConnection() {
		this.server.answer("Content-Length: 2\r\n\r\nhi")
			.answer("Transfer-Encoding: chunked\r\n\r\n2\r\nho\r\n0\r\n\r\n");
		UpstreamClient client = client(Duration.ofMinutes(1));
		assertThat(client.exchange(client.get("/x")).text()).isEqualTo("hi");
		assertThat(client.exchange(client.post("/x", Map.of())).text()).isEqualTo("ho");
		assertThat(this.server.connections).hasValue(1);
	}

	@Test
	void exchangeWhenIdleConnectionWasClosedTakesAnother() {
		this.server.answer((stream) -> {
			stream.write((HEAD + "Content-Length: 2\r\n\r\nhi").getBytes(StandardCharsets.US_ASCII));
			stream.close();
		}).answer("Content-Length: 2\r\n\r\nho");
		UpstreamClient client = client(Duration.ofMinutes(1));
		assertThat(client.exchange(client.get("/x")).text()).isEqualTo("hi");
		// One that was in use a moment ago is trusted.
		Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true);
		assertThat(client.exchange(client.post("/x", Map.of())).text()).isEqualTo("ho");
		assertThat(this.server.connections).hasValue(2);
	}

	@Test
	void exchangeWhenBodyIsEncodedUnaskedDecodesIt() throws IOException {
		ByteArrayOutputStream coded = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
			gzip.write("hi".getBytes(StandardCharsets.US_ASCII));
		}
		this.server.answer((stream) -> {
			stream.write((HEAD + "Content-Encoding: gzip\r\nContent-Length: " + coded.size() + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			coded.writeTo(stream);
		});
		UpstreamClient client = client(Duration.ofMinutes(1));
		assertThat(client.exchange(client.get("/x")).text()).isEqualTo("hi");
	}

	@Test
	void exchangeWhenBodyIsTooLargeKeepsItsStart() {
		this.server.answer((stream) -> {
			stream.write((HEAD + "\r\n").getBytes(StandardCharsets.US_ASCII));
			while (true) {
				stream.write(new byte[8192]);
			}
		});
		UpstreamClient client = client(Duration.ofMinutes(1));
		UpstreamResponse answer = client.exchange(client.get("/x"));
		assertThat(answer.isTooLarge()).isTrue();
		assertThat(answer.body()).hasSize(64 * 1024);
	}

	@Test
	void exchangeWhenAddressIsOfVersion6ReachesIt() throws IOException {
		InetAddress loopback = InetAddress.ofLiteral("::1");
		assumeThatCode(() -> new ServerSocket(0, 1, loopback).close()).doesNotThrowAnyException();
		try (Server six = new Server(loopback)) {
			six.answer("Content-Length: 2\r\n\r\nhi");
			UpstreamClient client = client("http://[::1]:" + six.port(), Duration.ofMinutes(1));
			assertThat(client.exchange(client.get("/x")).text()).isEqualTo("hi");
		}
	}

	private UpstreamClient client(Duration timeout) {
		return client("http://127.0.0.1:" + this.server.port(), timeout);
	}

	private static UpstreamClient client(String base, Duration timeout) {
		Duration minute = Duration.ofMinutes(1);
		AkashGenProperties settings = new AkashGenProperties(Objects.requireNonNull(BaseUrl.valueOf(base)), null, null,
				null, "tests", minute, minute, minute, minute, minute);
		return new UpstreamClientFactory(settings, new ProxyProperties(null, null, NoProxyHosts.valueOf("")),
				Recording.JSON)
			.client("a test", timeout, DataSize.ofKilobytes(64));
	}

	private static void trickle(OutputStream stream, String part) throws IOException {
		while (true) {
			stream.write(part.getBytes(StandardCharsets.US_ASCII));
			LockSupport.parkNanos(10_000_000);
		}
	}

	/** Gives each request the next answer. */
	private static final class Server implements AutoCloseable {

		private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

		private final AtomicInteger connections = new AtomicInteger();

		private final ServerSocket listener;

		Server(InetAddress address) throws IOException {
			this.listener = new ServerSocket(0, 10, address);
			Thread.ofVirtual().start(this::accept);
		}

		Server answer(Answer answer) {
			this.answers.add(answer);
			return this;
		}

		/** Add a 200 with further headers and a body. */
		Server answer(String rest) {
			return answer((stream) -> stream.write((HEAD + rest).getBytes(StandardCharsets.US_ASCII)));
		}

		int port() {
			return this.listener.getLocalPort();
		}

		private void accept() {
			try {
				while (true) {
					Socket socket = this.listener.accept();
					this.connections.incrementAndGet();
					Thread.ofVirtual().start(() -> serve(socket));
				}
			}
			catch (IOException ex) {
				// Closed.
			}
		}

		private void serve(Socket socket) {
			try (socket) {
				while (hasRequest(socket.getInputStream())) {
					this.answers.remove().writeTo(socket.getOutputStream());
				}
			}
			catch (IOException ex) {
				// The other end has left.
			}
		}

		/** Read a head, and the body of the requests that have one, which is short. */
		private static boolean hasRequest(InputStream stream) throws IOException {
			StringBuilder head = new StringBuilder();
			while (head.indexOf("\r\n\r\n") < 0) {
				int next = stream.read();
				if (next < 0) {
					return false;
				}
				head.append((char) next);
			}
			if (head.indexOf("POST") == 0) {
				stream.readNBytes("{}".length());
			}
			return true;
		}

		@Override
		public void close() {
			try {
				this.listener.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	/** Writes an answer. */
	private interface Answer {

		void writeTo(OutputStream stream) throws IOException;

	}

}
