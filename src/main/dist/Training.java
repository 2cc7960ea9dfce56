import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the AOT cache of a packed service: runs it against a tiny AkashGen, asks it for
 * all that it can do until it is warm, and stops it, upon which the JVM writes down which
 * classes it loaded and how they were used.
 * <p>
 * It is no part of the service, needs nothing but the JDK, and must run on the very JVM
 * that will run the service, which accepts no other's cache.
 */
final class Training implements AutoCloseable {

	/** How often the service is asked for everything: enough that most of it is compiled. */
	private static final int ROUNDS = 300;

	private static final int CALLERS = 16;

	private static final String CACHE = "-XX:AOTCache=";

	private static final Pattern IMAGE_URL = Pattern.compile("\"imageUrl\":\"([^\"]+)\"");

	private final Path directory;

	private final Path log;

	private final Path data;

	private final String key = UUID.randomUUID().toString();

	private final String origin;

	private final Process service;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private Training(Path directory, String akashGen) throws IOException {
		this.directory = directory;
		this.log = Files.createTempFile("training", ".log");
		this.data = Files.createTempDirectory("training");
		int port = freePort();
		this.origin = "http://127.0.0.1:" + port;
		List<String> options = options(directory);
		String cache = options.stream().filter((option) -> option.startsWith(CACHE)).findFirst().orElseThrow();
		options.remove(cache);
		options.add("-XX:AOTCacheOutput=" + cache.substring(CACHE.length()));
		this.service = service(options, Map.of("PORT", String.valueOf(port), "API_KEY", this.key, "AKASH_BASE_URL",
				akashGen, "POLL_INTERVAL", "20ms", "POLL_MAX_ATTEMPTS", "500", "DATA_DIR",
				this.data.toString()));
	}

	/**
	 * Train a service.
	 * @param args the directory that holds it
	 */
	public static void main(String[] args) throws Exception {
		System.setProperty("sun.net.httpserver.nodelay", "true");
		try (TinyAkashGen akashGen = new TinyAkashGen();
				Training training = new Training(Path.of(args[0]).toAbsolutePath(), akashGen.baseUrl())) {
			training.run();
		}
	}

	private static List<String> options(Path directory) throws IOException {
		return Files.readAllLines(directory.resolve("jvm.options"))
			.stream()
			.filter((line) -> line.startsWith("-"))
			.collect(Collectors.toCollection(ArrayList::new));
	}

	private Process service(List<String> options, Map<String, String> environment) throws IOException {
		List<String> command = new ArrayList<>(options);
		command.addFirst(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-jar", "akashgen2api.jar"));
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()));
		// Nothing of the trainer's own surroundings shall have a say.
		builder.environment().clear();
		builder.environment().putAll(environment);
		return builder.start();
	}

	private void run() throws Exception {
		try {
			awaitStart();
			serve();
			stop();
			check();
		}
		catch (Exception ex) {
			System.err.println(Files.readString(this.log));
			throw ex;
		}
	}

	private void awaitStart() throws Exception {
		long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
		while (true) {
			try {
				expect(200, "pong", get("/ping"));
				return;
			}
			catch (ConnectException ex) {
				if (!this.service.isAlive() || System.nanoTime() > deadline) {
					throw ex;
				}
				Thread.sleep(20);
			}
		}
	}

	private void serve() throws Exception {
		try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
			List<Future<Void>> rounds = new ArrayList<>();
			for (int i = 0; i < ROUNDS; i++) {
				int round = i;
				rounds.add(callers.submit(() -> {
					askForEverything(round);
					return null;
				}));
			}
			for (Future<Void> round : rounds) {
				round.get();
			}
		}
	}

	private void askForEverything(int round) throws Exception {
		String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"a fox in the snow, " + round + "\"}]";
		String completions = "/v1/chat/completions";
		for (int i = 0; i < 4; i++) {
			String done = expect(200, "\"status\":\"completed\"",
					post(completions, "{\"model\":\"AkashGen\"," + messages + "}"));
			expect(200, "WEBP", image(done));
		}
		expect(200, "\"status\":\"completed\"", post(completions, "{\"temperature\":1,\"messages\":["
				+ "{\"role\":\"system\",\"content\":\"paint\"},{\"role\":\"user\",\"content\":\"a fox\"},"
				+ "{\"role\":\"assistant\",\"content\":\"![a fox](http://127.0.0.1/images?id=1)\"},"
				+ "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"make it blue\"},"
				+ "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]}"));
		expect(200, "[DONE]", post(completions, "{\"stream\":true," + messages + "}"));
		String pending = expect(200, "\"status\":\"pending\"",
				post(completions, "{\"waitForImage\":false," + messages + "}"));
		expect(200, "WEBP", image(pending, "&wait=30"));
		expect(200, "PNG", image(pending, "&format=png"));
		expect(200, "JFIF", image(pending, "&format=jpeg"));
		expect(200, "\"url\":", post("/v1/images/generations", "{\"prompt\":\"a cat\",\"n\":2}"));
		expect(200, "\"b64_json\":",
				post("/v1/images/generations", "{\"prompt\":\"a cat\",\"response_format\":\"b64_json\"}"));
		expect(200, "AkashGen", get("/v1/models", "Authorization", "Bearer " + this.key));
		expect(200, "pong", get("/ping"));
		expect(200, "UP", get("/actuator/health/readiness"));
		expect(200, "API service is running", get("/", "Accept", "text/html"));
		expect(400, "error", post(completions, "{"));
		expect(401, "invalid_api_key", get("/v1/models", "Authorization", "Bearer wrong"));
		expect(404, "error", get("/images?id=no-job"));
		expect(200, "", send(request(completions).method("OPTIONS", HttpRequest.BodyPublishers.noBody()), "Origin",
				"https://chat.example.com", "Access-Control-Request-Method", "POST"));
	}

	private HttpResponse<String> image(String completion, String... more) throws Exception {
		Matcher url = IMAGE_URL.matcher(completion);
		if (!url.find()) {
			throw new IllegalStateException("There is no imageUrl in " + completion);
		}
		return get(url.group(1).substring(this.origin.length()) + String.join("", more));
	}

	private HttpResponse<String> post(String path, String body) throws Exception {
		return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)), "Authorization",
				"Bearer " + this.key, "Content-Type", "application/json");
	}

	private HttpResponse<String> get(String path, String... headers) throws Exception {
		return send(request(path), headers);
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.origin + path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request, String... headers) throws Exception {
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
	}

	private static String expect(int status, String excerpt, HttpResponse<String> response) {
		if (response.statusCode() != status || !response.body().contains(excerpt)) {
			throw new IllegalStateException("%s was to be answered with %d and '%s', but was with %d: %s"
				.formatted(response.request().uri(), status, excerpt, response.statusCode(), response.body()));
		}
		return response.body();
	}

	/** The cache is written when the service has ended, by a process that it starts. */
	private void stop() throws Exception {
		this.service.destroy();
		if (!this.service.waitFor(5, TimeUnit.MINUTES)) {
			throw new IllegalStateException("The service did not end");
		}
	}

	/** Without {@code AOTMode=on}, a JVM that cannot use its cache starts without it. */
	private void check() throws Exception {
		List<String> options = options(this.directory);
		options.addAll(List.of("-XX:AOTMode=on", "-Dspring.context.exit=onRefresh"));
		Process start = service(options, Map.of("PORT", "0", "API_KEY", this.key, "IMAGE_STORE_SIZE", "0B",
				"DATA_DIR", this.data.toString()));
		if (start.waitFor() != 0) {
			throw new IllegalStateException("The cache was not written, or does not fit");
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() throws IOException {
		this.client.close();
		this.service.destroyForcibly();
		Files.deleteIfExists(this.log);
		try (Stream<Path> data = Files.walk(this.data)) {
			for (Path path : data.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(path);
			}
		}
	}

}
