import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client that the service should serve well whatever else happens: one completion after
 * the other, and a ping every 100 ms. Writes a line for each: when it began in
 * milliseconds, which of the two, its status or 0, how many milliseconds it took.
 */
public final class OrdinaryCaller {

	private static final int PATIENCE_MS = 10_000;

	/** Arguments: the service's port, a valid key. Runs until it is ended. */
	public static void main(String[] arguments) throws InterruptedException {
		int port = Integer.parseInt(arguments[0]);
		Thread.ofPlatform().start(() -> repeat(port, "ping", "GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 100));
		String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"a lighthouse at dusk\"}]}";
		repeat(port, "completion", "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
				+ arguments[1] + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body, 10);
	}

	private static void repeat(int port, String what, String request, long pauseMs) {
		while (true) {
			long begun = System.currentTimeMillis();
			long start = System.nanoTime();
			int status = status(port, request);
			System.out.println(begun + " " + what + " " + status + " " + (System.nanoTime() - start) / 1_000_000);
			try {
				Thread.sleep(pauseMs);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	private static int status(int port, String request) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MS);
			socket.setSoTimeout(PATIENCE_MS);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			return Integer.parseInt(answer.substring(9, 12));
		}
		catch (IOException | RuntimeException ex) {
			return 0;
		}
	}

}
