package io.github.akashgen2api;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An AkashGen that answers submits and questions about some jobs only when a test lets
 * it. It remembers no more than the start of what was sent.
 */
final class HeldAkashGen implements AutoCloseable {

	private static final JsonMapper JSON = new JsonMapper();

	private final Semaphore submits = new Semaphore(0);

	private final Semaphore questions = new Semaphore(0);

	private final List<String> prompts = new CopyOnWriteArrayList<>();

	private final List<String> asked = new CopyOnWriteArrayList<>();

	private final Set<String> held = ConcurrentHashMap.newKeySet();

	private final AtomicInteger underWay = new AtomicInteger();

	private final AtomicInteger mostAtOnce = new AtomicInteger();

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final HttpServer server;

	private volatile String chat = "";

	private volatile String status = "pending";

	private volatile int statusCode = 200;

	private volatile boolean isAbsent;

	HeldAkashGen() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/api/auth/session/", (exchange) -> {
			exchange.getResponseHeaders().add("Set-Cookie", "session_token=held; Path=/; Max-Age=3600");
			answer(exchange, 200, "{\"success\":true}");
		});
		this.server.createContext("/api/chat/", this::submit);
		this.server.createContext("/api/image-status/", this::status);
		this.server.createContext("/api/image/", (exchange) -> {
			try (OutputStream body = exchange.getResponseBody()) {
				exchange.sendResponseHeaders(200, AkashGenDouble.PICTURE.length);
				body.write(AkashGenDouble.PICTURE);
			}
		});
		this.server.start();
	}

	/** On a slow, busy machine, too. */
	static ConditionFactory soon() {
		return Awaitility.await().atMost(Duration.ofMinutes(1));
	}

	String baseUrl() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	/** Take so many submits. */
	void take(int submits) {
		this.submits.release(submits);
	}

	/** What is answered to submits instead of a job: a status and a body. */
	void refuse(String statusAndBody) {
		this.chat = statusAndBody;
	}

	/** How all jobs stand. */
	void status(String status) {
		this.status = status;
	}

	/** AkashGen knows no job. */
	void absent() {
		this.isAbsent = true;
	}

	void statusCode(int statusCode) {
		this.statusCode = statusCode;
	}

	/** Answer no question about a job from here on. */
	void hold(String id) {
		this.held.add(id);
	}

	/** Answer all questions that were held, and hold no more. */
	void letGo() {
		this.held.clear();
		this.questions.release(1000);
	}

	/** The first 40 characters of what was submitted, in the order in which it came. */
	List<String> prompts() {
		return List.copyOf(this.prompts);
	}

	/** The ids of each question, in the order in which they came. */
	List<String> asked() {
		return List.copyOf(this.asked);
	}

	void forgetQuestions() {
		this.asked.clear();
	}

	int mostAtOnce() {
		return this.mostAtOnce.get();
	}

	int underWay() {
		return this.underWay.get();
	}

	private void submit(HttpExchange exchange) throws IOException {
		JsonNode messages = JSON.readTree(exchange.getRequestBody()).path("messages");
		String prompt = messages.path(messages.size() - 1).path("content").asString();
		this.prompts.add(prompt.substring(0, Math.min(prompt.length(), 40)));
		this.mostAtOnce.accumulateAndGet(this.underWay.incrementAndGet(), Math::max);
		this.submits.acquireUninterruptibly();
		this.underWay.decrementAndGet();
		if (!this.chat.isEmpty()) {
			answer(exchange, Integer.parseInt(this.chat.substring(0, 3)), this.chat.substring(4));
			return;
		}
		String id = "job-" + prompt.substring(0, Math.min(prompt.length(), 20)).replaceAll("[^a-z0-9]", "-");
		answer(exchange, 200, AkashGenDouble.tag(id, "prompt of " + id, ""));
	}

	private void status(HttpExchange exchange) throws IOException {
		String ids = exchange.getRequestURI().getQuery().substring("ids=".length());
		this.asked.add(ids);
		List<String> each = List.of(ids.split(",", -1));
		if (each.stream().anyMatch(this.held::contains)) {
			this.questions.acquireUninterruptibly();
		}
		if (this.isAbsent && this.statusCode == 200) {
			answer(exchange, 404, "{\"error\":\"Middleware error: 404\"}");
			return;
		}
		answer(exchange, this.statusCode,
				(this.statusCode != 200) ? "{\"error\":\"An error occurred\"}"
						: JobRows.rows(each.stream()
							.map((id) -> JobRows.row(id, this.status,
									this.status.equals("succeeded") ? AkashGenDouble.file(id) : ""))
							.toArray(String[]::new)));
	}

	private static void answer(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		try (OutputStream out = exchange.getResponseBody()) {
			exchange.sendResponseHeaders(status, bytes.length);
			out.write(bytes);
		}
	}

	@Override
	public void close() {
		this.submits.release(100_000);
		this.questions.release(100_000);
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
