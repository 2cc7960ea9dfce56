package io.github.akashgen2api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends random requests. {@code -Dfuzz.seed=} changes them or repeats a failed one, and
 * {@code -Dfuzz.cases=} changes their number.
 */
class FuzzTests {

	private static final long SEED = Long.getLong("fuzz.seed", 1);

	private static final int CASES = Integer.getInteger("fuzz.cases", 2_000);

	/** Cases before the heap is measured: by then, all classes and buffers are loaded. */
	private static final int WARM_UP = 1_000;

	private static final int CLIENTS = 16;

	private static final int MAX_ERRORS = 20;

	private static final long MEGABYTE = 1024 * 1024;

	private static final AkashGen akashGen = new AkashGen();

	private static final RunningService service = RunningService.against(akashGen.origin(), "POLL_INTERVAL=1ms",
			"polling.lookups-per-second=100000", "ADOPT_WITHIN=5m", "polling.batch-window=1ms",
			"logging.threshold.console=off");

	private final Queue<String> errors = new ConcurrentLinkedQueue<>();

	private final Map<String, Integer> outcomes = new ConcurrentHashMap<>();

	@AfterAll
	static void close() {
		service.close();
		akashGen.server.stop(0);
		System.clearProperty("CONSOLE_LOG_THRESHOLD");
		writeLogAgain();
	}

	/** Later tests in this process need the log, also those that start no service. */
	private static void writeLogAgain() {
		LoggingSystem logging = LoggingSystem.get(FuzzTests.class.getClassLoader());
		logging.cleanUp();
		logging.beforeInitialize();
		logging.initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
		logging.cleanUp();
	}

	@Test
	@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void everyRequestIsAnswered() {
		BadLines log = new BadLines();
		log.begin();
		int warmUp = Math.min(WARM_UP, CASES);
		fuzz(0, warmUp);
		long before = heap();
		fuzz(warmUp, CASES);
		long after = heap();
		log.stop();
		assertThat(this.errors).as("cases of seed %s, %s", SEED, new TreeMap<>(this.outcomes)).isEmpty();
		assertThat(log.lines).as("lines of the log, seed %s", SEED).isEmpty();
		assertThat(after - before).as("growth of the heap, seed %s", SEED).isLessThan(40 * MEGABYTE);
		assertThat(service.complete("a red fox").statusCode()).isEqualTo(200);
	}

	private void fuzz(int from, int to) {
		AtomicLong next = new AtomicLong(SEED + from);
		RunningService.atOnce(CLIENTS, () -> {
			try (Client client = new Client()) {
				for (long seed = next.getAndIncrement(); seed < SEED + to
						&& this.errors.size() < MAX_ERRORS; seed = next.getAndIncrement()) {
					ask(client, seed);
				}
			}
			return true;
		});
	}

	private void ask(Client client, long seed) {
		FuzzedRequest request = FuzzedRequest.of(seed);
		long start = System.nanoTime();
		List<Answer> answers = List.of();
		String fault;
		try {
			answers = client.ask(request);
			fault = answers.stream().map((answer) -> answer.fault(request)).collect(Collectors.joining());
		}
		catch (IOException ex) {
			client.close();
			fault = (request.isHttp() || ex instanceof SocketTimeoutException) ? ex.toString() : "";
		}
		if (answers.isEmpty() && request.isHttp() && fault.isEmpty()) {
			fault = "no answer";
		}
		if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(5)) {
			fault += " after more than five seconds";
		}
		String outcome = (request.isHttp() ? "http" : "none")
				+ answers.stream().map((a) -> " " + a.status()).limit(1).collect(Collectors.joining());
		this.outcomes.merge(outcome, 1, Integer::sum);
		if (!fault.isEmpty()) {
			this.errors.add("-Dfuzz.seed=%s -Dfuzz.cases=1 (after %s): %s%n%s%n-> %s".formatted(seed, client.last,
					fault, request, answers));
		}
		client.last = (client.socket != null) ? seed : 0;
	}

	private static long heap() {
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	/**
	 * Keeps a connection as long as it can serve another request.
	 */
	private static final class Client implements AutoCloseable {

		private @Nullable Socket socket;

		private InputStream in = InputStream.nullInputStream();

		private long last;

		List<Answer> ask(FuzzedRequest request) throws IOException {
			Socket connection = connection();
			connection.getOutputStream().write(request.bytes());
			if (!request.isHttp()) {
				connection.shutdownOutput();
			}
			List<Answer> answers = new ArrayList<>();
			for (Answer answer = Answer.read(this.in, request.isHead()); answer != null; answer = Answer.read(this.in,
					false)) {
				answers.add(answer);
				if (answer.closes() || request.isHead() || mayBeCutOff(request, answer)) {
					close();
				}
				if (this.socket == null || request.isHttp()) {
					return answers;
				}
			}
			close();
			return answers;
		}

		/**
		 * The service reads the rest of a refused body up to a limit. The length of a
		 * chunked body is unknown.
		 */
		private static boolean mayBeCutOff(FuzzedRequest request, Answer answer) {
			return answer.status() >= 400 && request.toString().contains("Transfer-Encoding: chunked");
		}

		private Socket connection() throws IOException {
			if (this.socket == null) {
				this.socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort());
				this.socket.setSoTimeout(5000);
				this.socket.setTcpNoDelay(true);
				this.in = new BufferedInputStream(this.socket.getInputStream());
			}
			return this.socket;
		}

		@Override
		public void close() {
			try {
				if (this.socket != null) {
					this.socket.close();
				}
			}
			catch (IOException ex) {
				// It is closed anyway.
			}
			this.socket = null;
		}

	}

	/**
	 * An answer.
	 *
	 * @param status the HTTP status
	 * @param headers whole lines
	 * @param body without the marks of its chunks, each byte as one character
	 */
	private record Answer(int status, List<String> headers, String body) {

		private static final Pattern HEADER = Pattern.compile("[!-9;-~]+: ?[\\t\\x20-\\x7e]*");

		private static final Pattern PROGRAM = Pattern
			.compile("Exception|\\bat java\\.|java\\.lang|tools\\.jackson|\\borg\\.|akashgen2api\\.|(?i:jetty)");

		static @Nullable Answer read(InputStream in, boolean isHead) throws IOException {
			String statusLine = line(in);
			if (statusLine.isEmpty()) {
				return null;
			}
			assertThat(statusLine).matches("HTTP/1\\.[01] \\d{3} ?.*");
			int status = Integer.parseInt(statusLine.substring(9, 12));
			List<String> headers = new ArrayList<>();
			for (String header = line(in); !header.isEmpty(); header = line(in)) {
				headers.add(header);
			}
			if (status < 200) {
				return read(in, isHead);
			}
			Answer head = new Answer(status, headers, "");
			boolean isBare = isHead || status == 204 || status == 304;
			return isBare ? head : new Answer(status, headers, head.bodyIn(in));
		}

		private String bodyIn(InputStream in) throws IOException {
			String length = header("content-length");
			if (length != null) {
				return new String(exactly(in, Integer.parseInt(length)), StandardCharsets.ISO_8859_1);
			}
			if (!"chunked".equals(header("transfer-encoding"))) {
				return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
			}
			ByteArrayOutputStream whole = new ByteArrayOutputStream();
			while (true) {
				byte[] chunk = exactly(in, Integer.parseInt(line(in), 16));
				whole.writeBytes(chunk);
				assertThat(line(in)).isEmpty();
				if (chunk.length == 0) {
					return whole.toString(StandardCharsets.ISO_8859_1);
				}
			}
		}

		private static byte[] exactly(InputStream in, int length) throws IOException {
			byte[] bytes = in.readNBytes(length);
			if (bytes.length < length) {
				throw new EOFException("The answer ends early");
			}
			return bytes;
		}

		/** Empty at the end of the stream too. */
		private static String line(InputStream in) throws IOException {
			StringBuilder line = new StringBuilder();
			for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
				line.append((char) next);
			}
			return line.toString().replaceFirst("\r$", "");
		}

		@Nullable String header(String name) {
			return this.headers.stream()
				.filter((header) -> header.toLowerCase(Locale.ROOT).startsWith(name + ":"))
				.map((header) -> header.substring(name.length() + 1).strip())
				.findFirst()
				.orElse(null);
		}

		boolean closes() {
			return "close".equalsIgnoreCase(header("connection"));
		}

		/**
		 * An unknown protocol is refused. A client that closes its side while it waits in
		 * the queue of submits counts as disconnected, so nothing is submitted for it.
		 */
		private boolean mayFollowAClose() {
			return this.status == 501 || this.status == 505
					|| (this.status == 504 && this.body.contains("could not be submitted in time"));
		}

		/** The fault of the answer; empty if there is none. */
		String fault(FuzzedRequest request) {
			if (this.status >= 500 && (request.isHttp() || !mayFollowAClose())) {
				return "status " + this.status;
			}
			if (!this.headers.stream().allMatch((header) -> HEADER.matcher(header).matches())
					|| header(FuzzedRequest.INJECTED.toLowerCase(Locale.ROOT)) != null) {
				return "header";
			}
			if (this.status == 200 && header("content-type") == null && header("allow") == null
					&& header("access-control-allow-methods") == null) {
				return "nothing";
			}
			if (this.status == 403 && this.body.equals("Invalid CORS request")) {
				return "";
			}
			String type = String.valueOf(header("content-type"));
			if (type.startsWith("image/") || type.startsWith("multipart/byteranges")) {
				return "";
			}
			return (PROGRAM.matcher(this.body).find() || !isWellFormed(type)) ? "body" : "";
		}

		private boolean isWellFormed(String type) {
			try {
				String text = StandardCharsets.UTF_8.newDecoder()
					.decode(ByteBuffer.wrap(this.body.getBytes(StandardCharsets.ISO_8859_1)))
					.toString();
				switch (type.replaceFirst(";.*", "")) {
					case "text/event-stream" -> text.lines()
						.filter((line) -> line.startsWith("data: {"))
						.forEach((line) -> RunningService.JSON.readTree(line.substring(6)));
					case "text/html" -> assertThat(text).contains("API service is running");
					case "text/plain" -> assertThat(text).isIn("API service is running", "pong", "");
					default -> {
						if (!text.isEmpty()) {
							RunningService.JSON.readTree(text);
						}
					}
				}
				return true;
			}
			catch (CharacterCodingException | JacksonException | AssertionError ex) {
				return false;
			}
		}

		@Override
		public String toString() {
			return this.status + " " + this.headers + "\n" + this.body.substring(0, Math.min(this.body.length(), 1000));
		}

	}

	/**
	 * Collects the log lines that no client should be able to cause.
	 */
	private static final class BadLines extends AppenderBase<ILoggingEvent> {

		private static final Pattern RAW = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029\\u202e]");

		private final Queue<String> lines = new ConcurrentLinkedQueue<>();

		private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

		void begin() {
			setContext(this.root.getLoggerContext());
			start();
			this.root.addAppender(this);
		}

		@Override
		protected void append(ILoggingEvent event) {
			boolean isBad = event.getLevel().isGreaterOrEqual(Level.ERROR) || event.getThrowableProxy() != null
					|| RAW.matcher(event.getFormattedMessage()).find();
			if (isBad && this.lines.size() < MAX_ERRORS) {
				this.lines.add(event.getLoggerName() + " " + event + " " + ((event.getThrowableProxy() != null)
						? event.getThrowableProxy().getClassName() + event.getThrowableProxy().getMessage() : ""));
			}
		}

		@Override
		public void stop() {
			super.stop();
			this.root.detachAppender(this);
		}

	}

	/**
	 * A fast AkashGen without errors.
	 */
	private static final class AkashGen {

		private static final byte[] PNG = AkashGenDouble.picture("png", 16);

		private final HttpServer server;

		AkashGen() {
			try {
				this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
			this.server.createContext("/api/auth/session/", (exchange) -> {
				exchange.getResponseHeaders().set("Set-Cookie", "session_token=t; Path=/; Max-Age=3600");
				answer(exchange, "{\"success\":true}".getBytes(StandardCharsets.UTF_8));
			});
			this.server.createContext("/api/chat/", (exchange) -> answer(exchange,
					AkashGenDouble.tag(UUID.randomUUID().toString(), "a fox", "").getBytes(StandardCharsets.UTF_8)));
			this.server.createContext("/api/image-status/", (exchange) -> answer(exchange,
					rows(exchange.getRequestURI().getQuery().substring(4)).getBytes(StandardCharsets.UTF_8)));
			this.server.createContext("/api/image/", (exchange) -> answer(exchange, PNG));
			this.server.start();
		}

		String origin() {
			return "http://127.0.0.1:" + this.server.getAddress().getPort();
		}

		private static void answer(HttpExchange exchange, byte[] body) throws IOException {
			try (exchange) {
				exchange.getRequestBody().readAllBytes();
				exchange.sendResponseHeaders(200, body.length);
				exchange.getResponseBody().write(body);
			}
		}

		private static String rows(String ids) {
			return Arrays.stream(ids.split(",", -1))
				.map((id) -> id.matches("job-.*7") ? row(id, "failed", "no")
						: row(id, "succeeded", AkashGenDouble.file(id)))
				.collect(Collectors.joining(",", "[", "]"));
		}

		private static String row(String id, String status, String result) {
			return "{\"job_id\":\"%s\",\"status\":\"%s\",\"result\":\"%s\"}".formatted(id, status, result);
		}

	}

}
