import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;

/**
 * How many submits should be under way at once? Callers come all at once to a stand-in
 * for AkashGen whose submits cost processor time and a wait for a language model. A
 * caller waits no longer than a submit may take, and then asks no more; the stand-in
 * paints all that reached it. See bench/submits.
 */
final class Submits {

	private static final int CALLERS = Integer.getInteger("callers", 400);

	private static final int PROCESSOR_MILLIS = Integer.getInteger("processor", 50);

	private static final int MODEL_MILLIS = Integer.getInteger("model", 200);

	private static final Duration SUBMIT_TIMEOUT = Duration.ofMillis(Integer.getInteger("timeout", 9000));

	private static final Duration ANSWER_WITHIN = Duration.ofMillis(Integer.getInteger("patience", 30000));

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private static final AtomicInteger painted = new AtomicInteger();

	private Submits() {
	}

	public static void main(String[] arguments) throws Exception {
		System.out.printf(
				"%d callers at once; a submit costs %d ms of processor time and a wait of %d ms, and may take %d ms; %d processors%n%n",
				CALLERS, PROCESSOR_MILLIS, MODEL_MILLIS, SUBMIT_TIMEOUT.toMillis(),
				Runtime.getRuntime().availableProcessors());
		System.out.println("| at once | queued | painted for nobody | median | p95 | last |");
		System.out.println("|---:|---:|---:|---:|---:|---:|");
		for (int atOnce : new int[] { 1, 4, 8, 16, 32, CALLERS }) {
			System.out.println(measure(atOnce));
		}
	}

	private static String measure(int atOnce) throws Exception {
		painted.set(0);
		ExecutorService serving = Executors.newFixedThreadPool(CALLERS);
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CALLERS);
		server.setExecutor(serving);
		server.createContext("/api/chat/", (exchange) -> {
			exchange.getRequestBody().readAllBytes();
			work(PROCESSOR_MILLIS / 2);
			sleep(MODEL_MILLIS);
			work(PROCESSOR_MILLIS - PROCESSOR_MILLIS / 2);
			painted.incrementAndGet();
			byte[] body = "queued".getBytes(StandardCharsets.UTF_8);
			try (OutputStream out = exchange.getResponseBody()) {
				exchange.sendResponseHeaders(200, body.length);
				out.write(body);
			}
			catch (IOException ex) {
				// The caller has gone.
			}
		});
		server.start();
		Semaphore turns = new Semaphore(atOnce, true);
		List<Future<Long>> callers = new ArrayList<>();
		List<Long> millis = new ArrayList<>();
		try (ExecutorService calling = Executors.newVirtualThreadPerTaskExecutor();
				HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/chat/"))
				.timeout(SUBMIT_TIMEOUT)
				.POST(HttpRequest.BodyPublishers.ofString("{}"))
				.build();
			long start = System.nanoTime();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(calling.submit(() -> call(client, request, turns, start)));
			}
			for (Future<Long> caller : callers) {
				if (caller.get() >= 0) {
					millis.add(caller.get());
				}
			}
		}
		serving.shutdown();
		server.stop(1);
		serving.awaitTermination(1, TimeUnit.MINUTES);
		Collections.sort(millis);
		return "| %s | %d | %d | %s | %s | %s |".formatted((atOnce == CALLERS) ? "all" : String.valueOf(atOnce),
				millis.size(), painted.get() - millis.size(), seconds(millis, 0.5), seconds(millis, 0.95),
				seconds(millis, 1));
	}

	/** In milliseconds; -1 where none was queued. */
	private static long call(HttpClient client, HttpRequest request, Semaphore turns, long start)
			throws IOException, InterruptedException {
		long left = ANSWER_WITHIN.toNanos() - (System.nanoTime() - start);
		if (!turns.tryAcquire(left, TimeUnit.NANOSECONDS)) {
			return -1;
		}
		try {
			client.send(request, HttpResponse.BodyHandlers.discarding());
			return Duration.ofNanos(System.nanoTime() - start).toMillis();
		}
		catch (HttpTimeoutException ex) {
			return -1;
		}
		finally {
			turns.release();
		}
	}

	private static void work(int millis) {
		long end = THREADS.getCurrentThreadCpuTime() + millis * 1_000_000L;
		while (THREADS.getCurrentThreadCpuTime() < end) {
			Thread.onSpinWait();
		}
	}

	private static void sleep(int millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static String seconds(List<Long> sorted, double share) {
		return sorted.isEmpty() ? "-"
				: "%.1f s".formatted(sorted.get((int) Math.ceil(share * sorted.size()) - 1) / 1000.0);
	}

}
