import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/**
 * Attacks the service on a port of the loopback interface with one of several attacks,
 * for some seconds, and reports which statuses were answered.
 */
public final class Attacks {

	private static final String JSON = "Content-Type: application/json\r\n";

	private static final Pattern LINK = Pattern.compile("/images\\?id=[A-Za-z0-9_-]+");

	private static final int TRICKLE_MS = 2_000;

	/** How long it may take until all connections have been opened. */
	private static final long OPENING_SECONDS = 10;

	private final InetSocketAddress service;

	private final InetSocketAddress from;

	private final String key;

	private final int connections;

	private final long seconds;

	private final Map<String, Integer> answers = new TreeMap<>();

	private final AtomicInteger numbers = new AtomicInteger();

	private final AtomicInteger opened = new AtomicInteger();

	private int wanted;

	private volatile long end = System.nanoTime();

	private Attacks(int port, String from, String key, int connections, long seconds) {
		this.service = new InetSocketAddress("127.0.0.1", port);
		this.from = new InetSocketAddress(from, 0);
		this.key = key;
		this.connections = connections;
		this.seconds = seconds;
	}

	/**
	 * Arguments: the attack, the service's port, the local address to come from, a valid
	 * key, how many connections there may be, for how many seconds. An attack that has to
	 * be prepared says "ready" when it begins.
	 */
	public static void main(String[] arguments) throws Exception {
		Attacks attacks = new Attacks(Integer.parseInt(arguments[1]), arguments[2], arguments[3],
				Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]));
		attacks.run(arguments[0]);
		System.out.println("opened " + attacks.opened + " of " + attacks.wanted);
		System.out.println("answers " + attacks.answers.toString().replaceAll("[{},]", ""));
		// Threads that still wait for an answer end with the process.
		System.exit(0);
	}

	private void run(String attack) throws Exception {
		switch (attack) {
			case "posts-v1" -> atOnce(6000, () -> trickle(post("/v1/chat/completions", "Content-Length: 100000000\r\n"), "x"));
			case "posts-404" -> atOnce(6000, () -> trickle(post("/nowhere", "Content-Length: 100000000\r\n"), "x"));
			case "posts-chunked" -> atOnce(6000, () -> trickle(post("/v1/chat/completions", "Transfer-Encoding: chunked\r\n"), "1\r\nx\r\n"));
			case "half-headers" -> atOnce(15000, () -> trickle("GET /ping HTTP/1.1\r\nHost: x\r\nX-Half: " + "x".repeat(1000), ""));
			case "slow-headers" -> atOnce(15000, () -> trickle("GET /ping HTTP/1.1\r\nHost: x\r\nX-Slow: " + "x".repeat(1000), "x"));
			case "slow-bodies" -> atOnce(2000, () -> trickle(post("/v1/chat/completions", key() + "Content-Length: 400000\r\n"), " "));
			case "texts" -> atOnce(100, () -> exchange(completion("attack:slow " + "word ".repeat(120_000), "")));
			case "text-streams" -> atOnce(100, () -> exchange(completion("attack:slow " + "word ".repeat(120_000), "\"stream\":true,")));
			case "slow-readers" -> readSlowly(links("big", 80).stream().map(Attacks::get).toList());
			case "slow-readers-json" -> readSlowly(IntStream.range(0, 40).mapToObj((_) -> generation("attack:big")).toList());
			case "field" -> atOnce(3, () -> exchange(completion(prompt("field"), "")));
			case "fields" -> atOnce(3, () -> exchange(completion(prompt("fields"), "")));
			case "inline-24" -> atOnce(40, () -> exchange(completion(prompt("inline24"), "")));
			case "inline-200" -> atOnce(40, () -> exchange(completion(prompt("inline200"), "")));
			case "images-50" -> atOnce(12, () -> exchange(completion(prompt("image50"), "")));
			case "images-15" -> atOnce(12, () -> exchange(completion(prompt("image15"), "")));
			case "profile" -> convert("icc");
			case "profile-chunk" -> convert("iccchunk");
			case "prefix-codes" -> convert("groups");
			case "deep-png" -> convert("png");
			case "newlines" -> atOnce(10, () -> exchange(completion(prompt("newlines"), "")));
			case "empty-lines" -> atOnce(10, () -> exchange(completion(prompt("emptylines"), "")));
			case "gzip" -> {
				byte[] bomb = bomb();
				atOnce(20, () -> exchange(bomb));
			}
			default -> throw new IllegalArgumentException(attack);
		}
	}

	/**
	 * Each again and again, a second after it has come to an end. The time counts from when
	 * all have begun.
	 */
	private void atOnce(int wanted, Action action) throws InterruptedException {
		System.out.println("ready");
		this.wanted = wanted;
		int before = this.opened.get();
		int callers = Math.min(wanted, this.connections);
		this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(OPENING_SECONDS + this.seconds);
		for (int i = 0; i < callers; i++) {
			Thread.startVirtualThread(() -> {
				while (isOn()) {
					repeat(action);
				}
			});
		}
		long opening = System.nanoTime() + TimeUnit.SECONDS.toNanos(OPENING_SECONDS);
		while (this.opened.get() - before < callers && System.nanoTime() < opening) {
			pause(50);
		}
		this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(this.seconds);
		pause(TimeUnit.SECONDS.toMillis(this.seconds));
		this.opened.addAndGet(-before);
	}

	private void repeat(Action action) {
		try {
			action.run();
		}
		catch (IOException ex) {
			count("closed");
		}
		pause(1000);
	}

	private boolean isOn() {
		return System.nanoTime() - this.end < 0;
	}

	private synchronized void count(String answer) {
		this.answers.merge(answer, 1, Integer::sum);
	}

	/** Begin a request and send more of it now and then, until it is answered. */
	private void trickle(String beginning, String more) throws IOException {
		try (Socket socket = connect(0)) {
			OutputStream out = socket.getOutputStream();
			out.write(ascii(beginning));
			socket.setSoTimeout(TRICKLE_MS);
			while (isOn()) {
				try {
					status(socket.getInputStream());
					return;
				}
				catch (SocketTimeoutException ex) {
					out.write(ascii(more));
				}
			}
		}
	}

	private void exchange(String request) throws IOException {
		exchange(ascii(request));
	}

	/** Send a request and read its answer. */
	private void exchange(byte[] request) throws IOException {
		try (Socket socket = connect(0)) {
			socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(this.seconds));
			socket.getOutputStream().write(request);
			status(socket.getInputStream());
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
	}

	private void status(InputStream answer) throws IOException {
		String line = new String(answer.readNBytes(12), StandardCharsets.ISO_8859_1);
		count((line.length() == 12) ? line.substring(9) : "closed");
	}

	/** With a receive window of 2 KB, which is read every half second. */
	private void readSlowly(List<String> requests) throws InterruptedException {
		AtomicInteger next = new AtomicInteger();
		atOnce(requests.size(), () -> {
			String request = requests.get(next.getAndIncrement() % requests.size());
			try (Socket socket = connect(2048)) {
				socket.getOutputStream().write(ascii(request));
				status(socket.getInputStream());
				while (isOn() && socket.getInputStream().readNBytes(2048).length > 0) {
					pause(500);
				}
			}
		});
	}

	/** Ask without a key for PNGs of ten images, each from five callers. */
	private void convert(String kind) throws Exception {
		List<String> links = links(kind, 10);
		AtomicInteger next = new AtomicInteger();
		atOnce(50, () -> exchange(get(links.get(next.getAndIncrement() % links.size()) + "&format=png")));
	}

	/** The links of images that are there; not all at once, as this is no attack yet. */
	private List<String> links(String kind, int count) throws InterruptedException {
		Semaphore places = new Semaphore(4);
		List<String> links = new CopyOnWriteArrayList<>();
		List<Thread> threads = IntStream.range(0, count).mapToObj((_) -> Thread.startVirtualThread(() -> {
			places.acquireUninterruptibly();
			try (Socket socket = connect(0)) {
				socket.setSoTimeout(20_000);
				socket.getOutputStream().write(ascii(completion(prompt(kind), "")));
				Matcher link = LINK.matcher(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
				if (link.find()) {
					links.add(link.group());
				}
			}
			catch (IOException ex) {
				count("unprepared");
			}
			finally {
				places.release();
			}
		})).toList();
		for (Thread thread : threads) {
			thread.join();
		}
		if (links.isEmpty()) {
			throw new IllegalStateException("no image could be made");
		}
		return links;
	}

	private Socket connect(int receiveBuffer) throws IOException {
		Socket socket = new Socket();
		if (receiveBuffer > 0) {
			socket.setReceiveBufferSize(receiveBuffer);
		}
		socket.bind(this.from);
		socket.connect(this.service, 10_000);
		this.opened.incrementAndGet();
		return socket;
	}

	private String prompt(String kind) {
		return "attack:" + kind + " number " + this.numbers.incrementAndGet();
	}

	private String completion(String prompt, String options) {
		return whole("/v1/chat/completions",
				"{" + options + "\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}");
	}

	private String generation(String prompt) {
		return whole("/v1/images/generations",
				"{\"response_format\":\"b64_json\",\"prompt\":\"" + prompt + " " + this.numbers.incrementAndGet() + "\"}");
	}

	private String whole(String path, String body) {
		return post(path, key() + "Connection: close\r\nContent-Length: " + body.length() + "\r\n") + body;
	}

	private String key() {
		return "Authorization: Bearer " + this.key + "\r\n";
	}

	private static String post(String path, String headers) {
		return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + JSON + headers + "\r\n";
	}

	private static String get(String path) {
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	}

	/** A body of 200 MB, of which a thousandth is sent. */
	private byte[] bomb() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
			gzip.write(ascii("{\"messages\":[{\"role\":\"user\",\"content\":\""));
			byte[] block = ascii("a".repeat(1024 * 1024));
			for (int i = 0; i < 200; i++) {
				gzip.write(block);
			}
			gzip.write(ascii("\"}]}"));
		}
		ByteArrayOutputStream request = new ByteArrayOutputStream();
		request.write(ascii(post("/v1/chat/completions",
				key() + "Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: " + body.size() + "\r\n")));
		body.writeTo(request);
		return request.toByteArray();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static void pause(long milliseconds) {
		try {
			Thread.sleep(milliseconds);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private interface Action {

		void run() throws IOException;

	}

}
