import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * As much of AkashGen as it takes: speaks both dialects, and has one picture.
 */
final class TinyAkashGen implements AutoCloseable {

	private static final byte[] PICTURE = Base64.getDecoder()
		.decode("UklGRngAAABXRUJQVlA4WAoAAAAQAAAADwAADwAAQUxQSBkAAAABFyAQSFKffI2ICAeBAGHSpFMHEf0PhVsPAFZQOCA4"
				+ "AAAAMAIAnQEqEAAQAADAEiWgAnS6AfgB+IAEaAAA/v0rn//foJv/d5v9dEvM/+tHP/60ZXB/Wjm/oAA=");

	private final AtomicInteger jobs = new AtomicInteger();

	private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
			0);

	TinyAkashGen() throws IOException {
		this.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		this.server.createContext("/api/auth/session/", (exchange) -> {
			exchange.getResponseHeaders().add("Set-Cookie", "session_token=training; Path=/; Max-Age=3600; HttpOnly");
			answer(exchange, "application/json", "{\"success\":true}".getBytes(StandardCharsets.UTF_8));
		});
		this.server.createContext("/api/chat/", (exchange) -> answer(exchange, "text/plain; charset=utf-8", chat()));
		this.server.createContext("/api/image-status/",
				(exchange) -> answer(exchange, "text/plain;charset=UTF-8", status(exchange)));
		this.server.createContext("/api/image/", (exchange) -> answer(exchange, "image/webp", PICTURE));
		this.server.start();
	}

	String baseUrl() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	private byte[] chat() {
		String tag = "0:\"<image_generation> jobId='%d-%d' prompt='a fox' negative='blurry'</image_generation>\"\n"
			.formatted(this.jobs.incrementAndGet(), System.currentTimeMillis());
		return (tag + "e:{\"finishReason\":\"stop\",\"isContinued\":false}\nd:{\"finishReason\":\"stop\"}\n")
			.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] status(HttpExchange exchange) {
		String ids = exchange.getRequestURI().getQuery().substring("ids=".length());
		return Arrays.stream(ids.split(","))
			.filter((id) -> id.matches("\\d+-\\d+"))
			.map(TinyAkashGen::row)
			.collect(Collectors.joining(",", "[", "]"))
			.getBytes(StandardCharsets.UTF_8);
	}

	/** Each job's number chooses its dialect, and whether it takes a while. */
	private static String row(String id) {
		int number = Integer.parseInt(id.substring(0, id.indexOf('-')));
		long age = System.currentTimeMillis() - Long.parseLong(id.substring(id.indexOf('-') + 1));
		boolean isPending = number % 4 == 0 && age < 30;
		boolean isNewer = number % 3 != 0;
		String result = isNewer ? "/api/image/job_" + id + "_00001_.webp"
				: "data:image/webp;base64," + Base64.getEncoder().encodeToString(PICTURE);
		String row = "{\"job_id\":\"%s\",\"worker_name\":\"w\",\"status\":\"%s\",\"result\":\"%s\",\"elapsed_time\":0.5,\"queue_position\":1}";
		return isPending ? row.formatted(id, "pending", "")
				: row.formatted(id, isNewer ? "succeeded" : "completed", result);
	}

	private static void answer(HttpExchange exchange, String contentType, byte[] body) throws IOException {
		try (exchange) {
			exchange.getRequestBody().readAllBytes();
			exchange.getResponseHeaders().add("Content-Type", contentType);
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
