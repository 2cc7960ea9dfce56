import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What plain Java needs for a completion: a virtual thread for each connection submits,
 * polls, stores the image in a file and answers. It reads the service's settings PORT,
 * AKASH_BASE_URL and POLL_INTERVAL.
 * <p>
 * It trusts both sides, bounds nothing and logs nothing. It keeps the newest images only,
 * as it would fill a disk within minutes.
 */
final class Yardstick {

	private static final int KEPT_IMAGES = 1000;

	private static final URI AKASHGEN = URI.create(System.getenv("AKASH_BASE_URL"));

	private static final Duration POLL_INTERVAL = duration(System.getenv().getOrDefault("POLL_INTERVAL", "1s"));

	private static final Path DIRECTORY = Path.of("data");

	private static final Deque<Connection> idleConnections = new ConcurrentLinkedDeque<>();

	private static final Queue<Path> images = new ConcurrentLinkedQueue<>();

	private static final AtomicInteger imageCount = new AtomicInteger();

	private Yardstick() {
	}

	public static void main(String[] arguments) throws IOException {
		Files.createDirectories(DIRECTORY);
		String session = fetchSession();
		int port = Integer.parseInt(System.getenv("PORT"));
		try (ServerSocket server = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress())) {
			while (true) {
				Connection client = new Connection(server.accept());
				Thread.startVirtualThread(() -> serve(client, session));
			}
		}
	}

	private static String fetchSession() throws IOException {
		try (Connection akashGen = connect()) {
			akashGen.send("GET /api/auth/session/ HTTP/1.1\r\nHost: localhost\r\n", "");
			akashGen.readHead();
			return akashGen.header("Set-Cookie").split(";")[0];
		}
	}

	private static void serve(Connection client, String session) {
		try (client) {
			while (client.readHead()) {
				String body = client.readAll();
				String answer = client.startsWith("POST ") ? complete(between(body, "\"content\":\"", "\""), session)
						: "pong";
				client.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", answer);
			}
		}
		catch (IOException | InterruptedException ex) {
			System.err.println(ex);
		}
	}

	private static String complete(String prompt, String session) throws IOException, InterruptedException {
		Connection idle = idleConnections.poll();
		Connection akashGen = (idle != null) ? idle : connect();
		String headers = " HTTP/1.1\r\nHost: localhost\r\nCookie: " + session + "\r\n";
		akashGen.send("POST /api/chat/" + headers + "Content-Type: application/json\r\n",
				"{\"id\":\"0123456789abcdef\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt
						+ "\"}],\"model\":\"AkashGen\",\"system\":\"\",\"temperature\":0.85,\"topP\":1,\"context\":[]}");
		akashGen.readHead();
		String tag = between(akashGen.readAll(), "<image_generation>", "</image_generation>");
		String id = between(tag, "jobId='", "'");
		while (!storeIfDone(akashGen, id, headers)) {
			Thread.sleep(POLL_INTERVAL);
		}
		idleConnections.push(akashGen);
		return completion(id, between(tag, "prompt='", "'"), tag);
	}

	/** In the older dialect the status contains the image, in base64. */
	private static boolean storeIfDone(Connection akashGen, String id, String headers) throws IOException {
		akashGen.send("GET /api/image-status/?ids=" + id + headers, "");
		akashGen.readHead();
		String status = akashGen.readUntil("\"result\":\"");
		boolean older = status.contains("\"completed\"");
		String result = akashGen.readUntil(older ? "," : "\"");
		if (result.isEmpty()) {
			akashGen.readAll();
			return false;
		}
		Path part = DIRECTORY.resolve(id + ".part");
		try (OutputStream file = Files.newOutputStream(part)) {
			if (older) {
				akashGen.decodeTo(file);
			}
			akashGen.readAll();
			if (!older) {
				akashGen.send("GET " + result + headers, "");
				akashGen.readHead();
				akashGen.transferTo(file);
			}
		}
		Path image = DIRECTORY.resolve(id + ".webp");
		Files.move(part, image, StandardCopyOption.ATOMIC_MOVE);
		images.add(image);
		if (imageCount.incrementAndGet() > KEPT_IMAGES) {
			Files.delete(images.remove());
		}
		return true;
	}

	/** With the fields, and so the size, of the service's answer. */
	private static String completion(String id, String prompt, String tag) {
		String url = "http://127.0.0.1:3000/images?id=" + id;
		return "{\"id\":\"" + id + "\",\"object\":\"chat.completion\",\"created\":" + System.currentTimeMillis() / 1000
				+ ",\"model\":\"AkashGen\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"!["
				+ prompt + "](" + url + ")\\n\\n" + prompt + "\",\"refusal\":null},\"logprobs\":null,"
				+ "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0},"
				+ "\"response\":\"<image_generation>" + tag + "</image_generation>\\n![Generated Image](" + url
				+ ")\",\"status\":\"completed\",\"imageUrl\":\"" + url + "\"}";
	}

	private static Connection connect() throws IOException {
		return new Connection(new Socket(AKASHGEN.getHost(), AKASHGEN.getPort()));
	}

	private static String between(String text, String start, String end) {
		int from = text.indexOf(start) + start.length();
		return text.substring(from, text.indexOf(end, from));
	}

	private static Duration duration(String text) {
		return text.endsWith("ms") ? Duration.ofMillis(Long.parseLong(text.replace("ms", "")))
				: Duration.ofSeconds(Long.parseLong(text.replace("s", "")));
	}

}
