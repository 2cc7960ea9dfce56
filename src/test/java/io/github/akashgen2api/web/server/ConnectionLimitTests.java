package io.github.akashgen2api.web.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * Tests for {@link ConnectionLimit}.
 */
@Timeout(60)
class ConnectionLimitTests {

	private final Server server = new Server();

	private final ServerConnector connector = new ServerConnector(this.server);

	private final List<Socket> sockets = new ArrayList<>();

	@BeforeEach
	void start() throws Exception {
		this.connector.setHost("127.0.0.1");
		this.connector.addBean(new ConnectionLimit(3));
		this.server.addConnector(this.connector);
		this.server.setHandler(new EchoHandler());
		this.server.start();
	}

	@AfterEach
	void stop() throws Exception {
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.server.stop();
	}

	@Test
	void connectionReplacesTheOldestWithAnIncompleteHeader() throws IOException {
		Socket eldest = send("GET / HTTP/1.1\r\nHost: x\r\nX: ");
		awaitOpen(1);
		List<Socket> others = List.of(send("GET / HTTP/1.1\r\nHost: x\r\nX: "), send(""));
		awaitOpen(3);
		Socket last = send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
		assertThat(answer(last)).startsWith("HTTP/1.1 200 ");
		assertThat(answer(eldest)).isEmpty();
		others.getFirst().getOutputStream().write("y\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		assertThat(answer(others.getFirst())).startsWith("HTTP/1.1 200 ");
	}

	@Test
	void connectionWhenAllOthersServeRequestsIsClosed() throws IOException {
		List<Socket> busy = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			busy.add(send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\na"));
			assertThat(busy.getLast().getInputStream().readNBytes(13)).asString().isEqualTo("HTTP/1.1 200 ");
		}
		assertThat(answer(send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))).isEmpty();
		for (Socket socket : busy) {
			socket.getOutputStream().write('b');
			assertThat(answer(socket)).contains("ab");
			socket.close();
		}
		awaitOpen(0);
		assertThat(answer(send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))).startsWith("HTTP/1.1 200 ");
	}

	@Test
	void connectionsOfOneAddressAreLimited() throws IOException {
		ConnectionLimit limit = new ConnectionLimit(8);
		List<SocketChannel> channels = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			channels.add(channel("203.0.113.7"));
			limit.onAccepting(channels.get(i));
		}
		SocketChannel other = channel("203.0.113.8");
		limit.onAccepting(other);
		assertThat(channels).extracting(SocketChannel::isOpen).containsExactly(true, true, false);
		assertThat(other.isOpen()).isTrue();
		limit.onClosed(channels.getFirst());
		SocketChannel next = channel("203.0.113.7");
		limit.onAccepting(next);
		assertThat(next.isOpen()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.9.9.9", "::1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
			"169.254.1.1", "fe80::1", "fc00::1", "fd12:3456::1", "100.64.0.1", "100.127.255.255", "::ffff:10.0.0.1" })
	void addressOfAPrivateNetworkHasNoLimit(String address) throws UnknownHostException {
		assertThat(ConnectionLimit.limitedAddress(InetAddress.getByName(address))).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "203.0.113.7,203.0.113.7", "100.63.0.1,100.63.0.1", "100.128.0.1,100.128.0.1", "172.32.0.1,172.32.0.1",
			"2001:db8:1:2:3:4:5:6,2001:db8:1:2::", "2001:db8:1:2::1,2001:db8:1:2::", "::ffff:203.0.113.7,203.0.113.7" })
	void addressIsCountedByItsNetwork(String address, String network) throws UnknownHostException {
		assertThat(ConnectionLimit.limitedAddress(InetAddress.getByName(address)))
			.isEqualTo(InetAddress.getByName(network));
	}

	private Socket send(String request) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.connector.getLocalPort());
		this.sockets.add(socket);
		socket.setSoTimeout(30_000);
		try {
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		}
		catch (SocketException ex) {
			// It has been closed already.
		}
		return socket;
	}

	private void awaitOpen(int connections) {
		Awaitility.await().until(() -> this.connector.getConnectedEndPoints().size() == connections);
	}

	private static String answer(Socket socket) throws IOException {
		try {
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
		catch (SocketException ex) {
			return "";
		}
	}

	/** A socket with a given client address. */
	private static SocketChannel channel(String address) throws IOException {
		SocketChannel channel = mock(SocketChannel.class,
				withSettings().useConstructor(SelectorProvider.provider()).defaultAnswer(Answers.CALLS_REAL_METHODS));
		willReturn(new InetSocketAddress(address, 1)).given(channel).getRemoteAddress();
		return channel;
	}

	/** Answers before it reads the body, and returns after the last byte. */
	private static final class EchoHandler extends Handler.Abstract {

		@Override
		public boolean handle(Request request, Response response, Callback callback) throws Exception {
			Content.Sink.write(response, false, "answer: ", Callback.NOOP);
			String body = Content.Source.asString(request);
			Content.Sink.write(response, true, body, callback);
			return true;
		}

	}

}
