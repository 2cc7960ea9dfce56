package io.github.akashgen2api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the packaged service: how long it takes to start, what it adds to the time of
 * a job, how fast it serves pictures, and the memory it takes. The stand-in AkashGen and
 * the callers run beside it on the same machine, so the figures are for comparing one
 * version with another there.
 */
public final class Benchmark {

	private static final Logger logger = LoggerFactory.getLogger(Benchmark.class);

	private static final int PORT = 3999;

	private static final String ORIGIN = "http://127.0.0.1:" + PORT;

	private static final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.executor(Executors.newVirtualThreadPerTaskExecutor())
		.build();

	private Benchmark() {
	}

	public static void main(String[] args) throws Exception {
		try (StandInAkashGen quick = StandInAkashGen.begin(Duration.ZERO)) {
			long start = System.nanoTime();
			Process service = start(quick);
			try {
				print("start-up", millis(System.nanoTime() - start) + " ms");
				print("memory when started", memory(service));
				measureCompletions(service);
				measurePictures(service);
			}
			finally {
				service.destroyForcibly().waitFor();
			}
		}
		try (StandInAkashGen usual = StandInAkashGen.begin(Duration.ofSeconds(5))) {
			Process service = start(usual);
			try {
				print("200 callers at once, jobs of 5 s", run(200, 200, Benchmark::complete).toString());
				print("memory after them", memory(service));
			}
			finally {
				service.destroyForcibly().waitFor();
			}
		}
	}

	private static void measureCompletions(Process service) throws Exception {
		run(500, 20, Benchmark::complete);
		print("completion, one caller", run(300, 1, Benchmark::complete).toString());
		print("completion, 20 callers", run(2000, 20, Benchmark::complete).toString());
		print("memory after 2800 completions", memory(service));
	}

	private static void measurePictures(Process service) throws Exception {
		String imageUrl = new JsonMapper().readTree(complete().body()).get("imageUrl").asString();
		HttpRequest picture = HttpRequest.newBuilder(URI.create(imageUrl)).build();
		String entityTag = send(picture).headers().firstValue("ETag").orElseThrow();
		HttpRequest known = HttpRequest.newBuilder(URI.create(imageUrl)).header("If-None-Match", entityTag).build();
		run(2000, 16, () -> send(picture));
		print("picture, 16 browsers", run(5000, 16, () -> send(picture)).toString());
		print("picture that is known", run(5000, 16, () -> send(known)).toString());
		print("memory after 12000 pictures", memory(service));
	}

	private static Process start(StandInAkashGen akashGen) throws Exception {
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-XX:+ExitOnOutOfMemoryError", "-jar",
				"target/akashgen2api.jar");
		builder.environment()
			.putAll(Map.of("PORT", String.valueOf(PORT), "API_KEY", "k", "AKASH_BASE_URL", akashGen.baseUrl(),
					"POLL_MAX_ATTEMPTS", "60"));
		Process service = builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
		Awaitility.await()
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofMinutes(1))
			.failFast("the service ended; is it packaged, and port " + PORT + " free?", () -> !service.isAlive())
			.ignoreExceptionsInstanceOf(IOException.class)
			.until(() -> send(HttpRequest.newBuilder(URI.create(ORIGIN + "/ping")).build()).statusCode() == 200);
		return service;
	}

	/** Have so many callers make so many calls altogether. */
	private static Times run(int calls, int callers, Callable<HttpResponse<byte[]>> call) throws Exception {
		long start = System.nanoTime();
		List<Long> times = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Callable<List<Long>> caller = () -> timesOf(calls / callers, call);
			for (Future<List<Long>> ended : threads.invokeAll(Collections.nCopies(callers, caller))) {
				times.addAll(ended.get());
			}
		}
		Collections.sort(times);
		return new Times(times, System.nanoTime() - start);
	}

	private static List<Long> timesOf(int calls, Callable<HttpResponse<byte[]>> call) throws Exception {
		List<Long> times = new ArrayList<>();
		for (int i = 0; i < calls; i++) {
			long start = System.nanoTime();
			int status = call.call().statusCode();
			times.add(System.nanoTime() - start);
			if (status >= 400) {
				throw new IllegalStateException("The service answered " + status);
			}
		}
		return times;
	}

	private static HttpResponse<byte[]> complete() throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create(ORIGIN + "/v1/chat/completions"))
			.header("Authorization", "Bearer k")
			.POST(HttpRequest.BodyPublishers.ofString("{\"messages\":[{\"role\":\"user\",\"content\":\"a fox\"}]}"))
			.build());
	}

	private static HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
		return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
	}

	private static String millis(long nanos) {
		return "%.1f".formatted(nanos / 1e6);
	}

	/** Linux says here what a process has in memory. */
	private static String memory(Process process) throws IOException {
		Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
		if (!Files.exists(status)) {
			return "not known on this system";
		}
		return Files.readAllLines(status)
			.stream()
			.filter((line) -> line.startsWith("VmRSS"))
			.map((line) -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024 + " MiB")
			.findFirst()
			.orElse("not known");
	}

	private static void print(String what, String figure) {
		logger.info("{}: {}", what, figure);
	}

	/**
	 * How long calls took.
	 *
	 * @param sorted each of them, in nanoseconds, in order
	 * @param total all of them, side by side
	 */
	private record Times(List<Long> sorted, long total) {

		@Override
		public String toString() {
			int calls = this.sorted.size();
			return "median %s ms, 99 %% within %s ms, %d a second".formatted(millis(this.sorted.get(calls / 2)),
					millis(this.sorted.get(calls * 99 / 100)), calls * 1_000_000_000L / this.total);
		}

	}

}
