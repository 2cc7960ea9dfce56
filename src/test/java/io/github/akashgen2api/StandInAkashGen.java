package io.github.akashgen2api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An AkashGen for trying the service out: speaks as the version of May 2026, takes a few
 * seconds a picture, and paints what it finds in its box: the picture that the messages
 * named last, or else the lighthouse.
 * <p>
 * A prompt with the word {@code fail} fails, one with {@code words} is answered in words,
 * one with {@code refuse} finds AkashGen out of order, and one with {@code slow} takes a
 * minute, and one with {@code queue} waits in a queue. One with {@code limit} meets an
 * allowance that is used up for half a minute; with {@code hours} for three of them, with
 * {@code moment} until a second or two after it was first asked for.
 */
final class StandInAkashGen implements ResponseDefinitionTransformerV2, AutoCloseable {

	private static final List<String> PICTURES = List.of("lighthouse", "fox", "cat", "mountains", "robot", "city");

	private static final Duration SLOW = Duration.ofMinutes(1);

	private final Map<String, Painting> paintings = new ConcurrentHashMap<>();

	private final Map<String, Long> moments = new ConcurrentHashMap<>();

	private final Set<String> known = ConcurrentHashMap.newKeySet();

	private final AtomicInteger asks = new AtomicInteger();

	private final AtomicInteger batches = new AtomicInteger();

	private final AtomicBoolean isHeld = new AtomicBoolean();

	private final AtomicReference<String> lastRequest = new AtomicReference<>("");

	private final JsonMapper json = new JsonMapper();

	private final WireMockServer server = new WireMockServer(WireMockConfiguration.options()
		.bindAddress("127.0.0.1")
		.dynamicPort()
		.containerThreads(60)
		.jettyAcceptQueueSize(4096)
		.disableRequestJournal()
		.extensions(this));

	private final Duration usual;

	private StandInAkashGen(Duration usual) {
		this.usual = usual;
	}

	/**
	 * Start one.
	 * @param usual how long it paints
	 */
	static StandInAkashGen begin(Duration usual) {
		StandInAkashGen akashGen = new StandInAkashGen(usual);
		akashGen.server.start();
		akashGen.server.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.aResponse()));
		return akashGen;
	}

	/** Finish no picture until told otherwise. */
	void hold(boolean isHeld) {
		this.isHeld.set(isHeld);
	}

	/** How many pictures were begun. */
	int jobs() {
		return this.paintings.size();
	}

	/** Of how many pictures somebody has asked where they stand. */
	int known() {
		return this.known.size();
	}

	/** How often something was asked for, whatever came of it. */
	int asks() {
		return this.asks.get();
	}

	/** How often several pictures were asked for in one request. */
	int batches() {
		return this.batches.get();
	}

	/** The body of the last request for an image. */
	String lastRequest() {
		return this.lastRequest.get();
	}

	String baseUrl() {
		return this.server.baseUrl();
	}

	@Override
	public String getName() {
		return "stand-in";
	}

	@Override
	public ResponseDefinition transform(ServeEvent event) {
		String url = event.getRequest().getUrl();
		if (url.equals("/api/auth/session/")) {
			return WireMock.okJson("{\"success\":true}")
				.withHeader("Set-Cookie", "session_token=stand-in; Path=/; Max-Age=3600; Secure; HttpOnly")
				.build();
		}
		if (url.equals("/api/chat/")) {
			return chat(event.getRequest().getBodyAsString());
		}
		if (url.startsWith("/api/image-status/?ids=")) {
			return status(url.substring(url.indexOf('=') + 1));
		}
		if (url.startsWith("/api/image/")) {
			return picture(url.substring(url.lastIndexOf('/') + 1));
		}
		return WireMock.notFound().build();
	}

	private ResponseDefinition chat(String body) {
		this.asks.incrementAndGet();
		this.lastRequest.set(body);
		JsonNode messages = this.json.readTree(body).path("messages");
		String prompt = messages.get(messages.size() - 1).path("content").asString();
		String words = prompt.toLowerCase(Locale.ROOT);
		if (words.contains("refuse")) {
			return WireMock.jsonResponse("{\"error\":\"An error occurred\"}", 500).build();
		}
		long now = System.currentTimeMillis() / 1000;
		long reset = reset(words, now);
		if (reset > now) {
			return WireMock
				.jsonResponse("{\"error\":\"Rate limit exceeded\",\"message\":\"You've reached your usage limit "
						+ "for this time period. Sign in for higher limits.\"}", 429)
				.withHeader("X-TokenLimit-Reset", String.valueOf(reset))
				.build();
		}
		if (words.contains("words")) {
			return WireMock.ok("""
					f:{"messageId":"msg-1"}
					0:"I can paint that. "
					0:"Which colours do you like?"
					d:{"finishReason":"stop"}
					""").build();
		}
		String named = messages.valueStream()
			.map((message) -> message.path("content").asString().toLowerCase(Locale.ROOT))
			.flatMap((message) -> PICTURES.stream().filter(message::contains).limit(1))
			.reduce("", (_, later) -> later);
		String id = UUID.randomUUID().toString();
		this.paintings.put(id, Painting.of(words, named, words.contains("slow") ? SLOW : this.usual));
		String revised = words.contains(named) ? prompt : prompt + ", a " + named;
		return WireMock
			.ok("0:\"<image_generation> jobId='" + id + "' prompt='" + revised.replace("'", "\\'")
					+ "' negative='blurry, low quality'</image_generation>\"\n"
					+ "e:{\"finishReason\":\"stop\",\"isContinued\":false}\nd:{\"finishReason\":\"stop\"}\n")
			.withHeader("Content-Type", "text/plain; charset=utf-8")
			.build();
	}

	/** The second at which the allowance is there again. */
	private long reset(String words, long now) {
		if (!words.contains("limit")) {
			return now;
		}
		if (words.contains("moment")) {
			return this.moments.computeIfAbsent(words, (_) -> now + 2);
		}
		return now + (words.contains("hours") ? Duration.ofHours(3) : Duration.ofSeconds(30)).toSeconds();
	}

	private ResponseDefinition status(String ids) {
		if (ids.contains(",")) {
			this.batches.incrementAndGet();
		}
		List<Map<String, Object>> rows = new ArrayList<>();
		for (String id : ids.split(",", -1)) {
			Painting painting = this.paintings.get(id);
			this.known.add(id);
			if (painting == null) {
				return WireMock.jsonResponse("{\"error\":\"Middleware error: 404\"}", 404).build();
			}
			String status = this.isHeld.get() ? "pending" : painting.status();
			String result = switch (status) {
				case "succeeded" -> "/api/image/" + painting.picture() + ".webp";
				case "failed" -> "The prompt asked to fail";
				default -> "";
			};
			rows.add(Map.of("job_id", id, "status", status, "result", result, "queue_position",
					status.equals("pending") ? painting.place() : 0, "worker_gpu", "crayon"));
		}
		return WireMock.ok(this.json.writeValueAsString(rows))
			.withHeader("Content-Type", "text/plain;charset=UTF-8")
			.build();
	}

	private static ResponseDefinition picture(String name) {
		try (InputStream picture = StandInAkashGen.class.getResourceAsStream("/stand-in/" + name)) {
			if (picture == null) {
				return WireMock.notFound().build();
			}
			return WireMock.aResponse()
				.withHeader("Content-Type", "image/webp")
				.withBody(picture.readAllBytes())
				.build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public boolean applyGlobally() {
		return true;
	}

	@Override
	public void close() {
		this.server.stop();
	}

	/**
	 * What is being painted.
	 *
	 * @param picture the picture's name
	 * @param fails whether it will come to nothing
	 * @param waits whether it is in a queue until it is finished
	 * @param due when it is finished, in nanoseconds of the system's clock
	 */
	private record Painting(String picture, boolean fails, boolean waits, long due) {

		static Painting of(String words, String named, Duration time) {
			return new Painting(named.isEmpty() ? "lighthouse" : named, words.contains("fail"), words.contains("queue"),
					System.nanoTime() + time.toNanos());
		}

		/** The place in the queue, 0 if it is in none. */
		int place() {
			return this.waits ? 3 : 0;
		}

		String status() {
			if (System.nanoTime() < this.due) {
				return "pending";
			}
			return this.fails ? "failed" : "succeeded";
		}

	}

}
