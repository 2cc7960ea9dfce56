package io.github.akashgen2api;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Stands before an AkashGen for the faults that no web server can be told to have: it
 * lies about the length of an answer, or is gone when the next request comes. Each
 * request has a connection of its own, so that none is left when it is gone.
 */
final class FaultyRelay implements BeforeEachCallback, AfterAllCallback {

	private static final String END_OF_HEAD = "\r\n\r\n";

	private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *(\\d+)");

	private final AkashGenDouble akashGen;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private volatile ServerSocket listener = listen(0);

	private volatile Fault fault = Fault.NONE;

	FaultyRelay(AkashGenDouble akashGen) {
		this.akashGen = akashGen;
	}

	String address() {
		return "http://127.0.0.1:" + this.listener.getLocalPort();
	}

	/**
	 * Whoever asks for this from here on is told that the answer has another length.
	 * @param told the length that is told instead of the true one
	 */
	void tellLength(String path, IntFunction<String> told) {
		this.fault = new Fault(path, told, false);
	}

	/** Who has been answered this finds nobody who listens from then on. */
	void leaveAfter(String path) {
		this.fault = new Fault(path, Integer::toString, true);
	}

	/** From here on nobody listens. */
	void leave() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ServerSocket listen(int port) {
		try {
			ServerSocket opened = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
			this.threads.execute(() -> acceptFrom(opened));
			return opened;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void acceptFrom(ServerSocket opened) {
		try {
			while (true) {
				Socket caller = opened.accept();
				this.threads.execute(() -> relay(caller));
			}
		}
		catch (IOException ex) {
			// Closed: nobody is let in any more.
		}
	}

	private void relay(Socket caller) {
		try (caller; Socket origin = new Socket(InetAddress.getLoopbackAddress(), this.akashGen.server.port())) {
			String request = request(caller.getInputStream());
			// To 1.0 the answer is not in chunks, and ends with the connection.
			write(origin, request.replaceFirst("HTTP/1\\.1", "HTTP/1.0"));
			String answer = new String(origin.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			Fault now = this.fault;
			Fault here = request.split(" ", 3)[1].startsWith(now.path) ? now : Fault.NONE;
			if (here.isLast) {
				leave();
			}
			write(caller, answer(answer, here.told));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String request(InputStream stream) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf(END_OF_HEAD, head.length() - END_OF_HEAD.length()) < 0) {
			int next = stream.read();
			if (next < 0) {
				throw new EOFException("A request ended in its head");
			}
			head.append((char) next);
		}
		Matcher length = LENGTH.matcher(head);
		byte[] body = stream.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
		return head + new String(body, StandardCharsets.ISO_8859_1);
	}

	private static String answer(String answer, IntFunction<String> told) {
		int headEnd = answer.indexOf(END_OF_HEAD);
		String body = answer.substring(headEnd + END_OF_HEAD.length());
		String head = LENGTH.matcher(answer.substring(0, headEnd)).replaceAll("");
		return head.replaceAll("(?i)\r\nConnection:[^\r]*", "") + "\r\nConnection: close\r\nContent-Length: "
				+ told.apply(body.length()) + END_OF_HEAD + body;
	}

	private static void write(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** It listens, where it did before, and passes on all as it is. */
	@Override
	public void beforeEach(ExtensionContext context) {
		this.fault = Fault.NONE;
		if (this.listener.isClosed()) {
			this.listener = listen(this.listener.getLocalPort());
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		leave();
		this.threads.shutdownNow();
	}

	/**
	 * What goes wrong.
	 *
	 * @param path how what is asked for begins
	 * @param told the length that is told of the answer, by its true one
	 * @param isLast whether nobody listens any more when it has been answered
	 */
	private record Fault(String path, IntFunction<String> told, boolean isLast) {

		private static final Fault NONE = new Fault("", Integer::toString, false);

	}

}
