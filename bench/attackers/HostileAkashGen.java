import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A stand-in for AkashGen that serves every job at once, except those whose prompt says
 * {@code attack:<kind>}. A job's id begins with its kind, so that no state is kept.
 */
public final class HostileAkashGen {

	private static final Pattern ATTACK = Pattern.compile("attack:([a-z0-9]+)");

	private static final int MEGABYTE = 1024 * 1024;

	private static final long SLOW_MS = 20_000;

	private final AtomicLong jobs = new AtomicLong();

	private final byte[] image;

	private final Map<String, byte[]> images = new HashMap<>();

	private HostileAkashGen(byte[] image) {
		this.image = image;
		this.images.put("icc", Images.claimingProfile(1 << 30, false));
		this.images.put("iccchunk", Images.claimingProfile(1 << 30, true));
		this.images.put("groups", Images.manyPrefixCodeGroups());
		this.images.put("png", Images.deepPng(2048));
	}

	/** Arguments: the port, the file of the usual image. */
	public static void main(String[] arguments) throws IOException {
		HostileAkashGen akashGen = new HostileAkashGen(Files.readAllBytes(Path.of(arguments[1])));
		HttpServer server = HttpServer.create(
				new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 4096);
		server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		server.createContext("/ready", (exchange) -> answer(exchange, "text/plain", new byte[0]));
		server.createContext("/api/auth/session/", HostileAkashGen::session);
		server.createContext("/api/chat/", akashGen::chat);
		server.createContext("/api/image-status/", HostileAkashGen::status);
		server.createContext("/api/image/", akashGen::image);
		server.start();
	}

	private static void session(HttpExchange exchange) throws IOException {
		exchange.getResponseHeaders().set("Set-Cookie", "session_token=hostile; Path=/; Max-Age=3600; HttpOnly");
		answer(exchange, "application/json", "{\"success\":true}".getBytes(StandardCharsets.US_ASCII));
	}

	private void chat(HttpExchange exchange) throws IOException {
		String kind = kindOf(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
		String body = switch (kind) {
			case "newlines" -> "\n".repeat(MEGABYTE);
			case "emptylines" -> "0:\"\"\n".repeat(MEGABYTE / 5);
			default -> "0:\"<image_generation> jobId='%s-%d-%d' prompt='a fox' negative='blurry'</image_generation>\"\nd:{}\n"
				.formatted(kind, System.nanoTime(), this.jobs.incrementAndGet());
		};
		if (kind.equals("slow")) {
			pause(SLOW_MS);
		}
		answer(exchange, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.US_ASCII));
	}

	/** The last one: earlier messages may be sent again. */
	private static String kindOf(String conversation) {
		Matcher matcher = ATTACK.matcher(conversation);
		String kind = "usual";
		while (matcher.find()) {
			kind = matcher.group(1);
		}
		return kind;
	}

	private static void status(HttpExchange exchange) throws IOException {
		String[] ids = exchange.getRequestURI().getQuery().replaceFirst("ids=", "").split(",");
		exchange.getResponseHeaders().set("Content-Type", "text/plain;charset=UTF-8");
		exchange.sendResponseHeaders(200, 0);
		try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 65536)) {
			for (int i = 0; i < ids.length; i++) {
				write(out, ((i == 0) ? "[" : ",") + "{\"job_id\":\"" + ids[i] + "\",\"worker_name\":\"w\",");
				row(out, ids[i]);
			}
			write(out, "]");
		}
		catch (IOException ex) {
			// The service has had enough.
		}
	}

	private static void row(OutputStream out, String id) throws IOException {
		switch (id.substring(0, id.indexOf('-'))) {
			case "field" -> {
				write(out, "\"note\":\"");
				fill(out, 23L * MEGABYTE, "x");
				write(out, "\",\"status\":\"pending\",\"result\":\"\"}");
			}
			case "fields" -> {
				write(out, "\"note\":{");
				fill(out, 23L * MEGABYTE, "\"a\":1,");
				write(out, "\"a\":1},\"status\":\"pending\",\"result\":\"\"}");
			}
			case "inline24" -> inline(out, 24L * MEGABYTE);
			case "inline200" -> inline(out, 200L * MEGABYTE);
			default -> write(out, "\"status\":\"succeeded\",\"result\":\"/api/image/job_" + id + "_00001_.webp\",\"queue_position\":0}");
		}
	}

	private static void inline(OutputStream out, long length) throws IOException {
		write(out, "\"status\":\"completed\",\"result\":\"data:image/webp;base64,"
				+ Base64.getEncoder().encodeToString(Images.head((int) (length / 4 * 3))));
		fill(out, length, "AAAA");
		write(out, "\"}");
	}

	private void image(HttpExchange exchange) throws IOException {
		String id = exchange.getRequestURI().getPath().replaceFirst(".*/job_", "");
		String kind = id.substring(0, id.indexOf('-'));
		switch (kind) {
			case "big" -> answer(exchange, "image/webp", Images.padded(this.image, 2400 * 1024, new Random(id.hashCode())));
			case "image15" -> answer(exchange, "image/webp", Images.padded(this.image, 15 * MEGABYTE, new Random(0)));
			case "image50" -> endless(exchange, 50 * MEGABYTE);
			default -> answer(exchange, "image/webp", this.images.getOrDefault(kind, this.image));
		}
	}

	private static void endless(HttpExchange exchange, int length) throws IOException {
		exchange.sendResponseHeaders(200, 0);
		try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 65536)) {
			out.write(Images.head(length));
			fill(out, length, "\0");
		}
		catch (IOException ex) {
			// The service has had enough.
		}
	}

	private static void fill(OutputStream out, long length, String text) throws IOException {
		byte[] block = text.repeat(8192 / text.length()).getBytes(StandardCharsets.US_ASCII);
		for (long left = length; left > 0; left -= block.length) {
			out.write(block);
		}
	}

	private static void write(OutputStream out, String text) throws IOException {
		out.write(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static void answer(HttpExchange exchange, String contentType, byte[] body) throws IOException {
		try (exchange) {
			exchange.getRequestBody().readAllBytes();
			exchange.getResponseHeaders().set("Content-Type", contentType);
			exchange.sendResponseHeaders(200, (body.length > 0) ? body.length : -1);
			exchange.getResponseBody().write(body);
		}
	}

	private static void pause(long milliseconds) {
		try {
			Thread.sleep(milliseconds);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
