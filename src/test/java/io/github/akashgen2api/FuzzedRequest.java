package io.github.akashgen2api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A random request, the same for the same seed. Its text contains no word that would
 * reveal a Java program.
 */
final class FuzzedRequest {

	/** The name of an answer's header that the request has injected. */
	static final String INJECTED = "X-Injected";

	private static final String COMPLETIONS = "/v1/chat/completions";

	private static final String GENERATIONS = "/v1/images/generations";

	private static final String EDITS = "/v1/images/edits";

	private static final String JOBS = "/v1/jobs";

	private static final String RESPONSES = "/v1/responses";

	private static final List<String> POSTS = List.of(GENERATIONS, GENERATIONS, EDITS, JOBS, RESPONSES);

	private static final List<String> ROUTES = List.of(COMPLETIONS, GENERATIONS, EDITS, JOBS, RESPONSES, "/v1/jobs/fox",
			"/v1/jobs/fox/events", "/v1/responses/fox", "/v1/responses/fox/cancel", "/v1/images/variations",
			"/images/fox.png", "/v1/models", "/v1/models/AkashGen", "/images?id=fox", "/images", "/", "/ping",
			"/actuator/health", "/actuator", "/error", "/v1", "/nothing");

	private static final List<String> METHODS = List.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE",
			"TRACE", "CONNECT", "PROPFIND", "get", "M-SEARCH", "X".repeat(300));

	private static final List<String> SEGMENTS = List.of("..", ".", "%2e", "%2e%2e", "", ";x=y", "..;", "a;x=y/b",
			"%2f", "%5c", "\\", "%00", "%0d%0a" + INJECTED + ":%201", "%", "%z", "%c0%ae", "%e2%82", "%ff", "v1",
			"images", "models", "completions", "chat", "*", "{id}", "<b>", "'", "|", "%25", "%u0041", "caf%C3%A9",
			"caf\u00e9", "#part", "a b", "WEB-INF", "error", "actuator", "favicon.ico", "~", "a".repeat(3000));

	private static final List<String> PARAMETERS = List.of("id", "wait", "format", "ID", "id[]", "", "%69d", "x",
			"%ff");

	private static final List<String> PARAMETER_VALUES = List.of("", "fox", "undefined", "null", "0", "1", "60", "61",
			"-1", "1e1", "9999999999", "0x10", "\u0661", "png", "PNG", "jpeg", "webp", "gif", "%20", "+", "%", "%zz",
			"%0d%0a" + INJECTED + ":%201", "%00", "%ff", "%c3%28", "%e2%80%ae", "../..", "..%2f", "a,b", "a%2Cb",
			"a&&b", "a=b", "32aa59e6-0c2b-45dc-851e-b60f5eb8bd6f", "'--", "${id}", "<i>", "a".repeat(128),
			"a".repeat(129), "b".repeat(5000));

	private static final List<String> HEADERS = List.of("Accept", "Accept-Encoding", "Accept-Language", "Authorization",
			"Cache-Control", "Connection", "Content-Encoding", "Content-Type", "Cookie", "Expect", "Forwarded", "Host",
			"Idempotency-Key", "If-Modified-Since", "If-None-Match", "Keep-Alive", "Origin",
			"Access-Control-Request-Method", "Access-Control-Request-Headers", "Proxy-Connection", "Range", "If-Range",
			"Referer", "TE", "Trailer", "Transfer-Encoding", "Content-Length", "Upgrade", "HTTP2-Settings",
			"User-Agent", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix",
			"X-Forwarded-Proto", "X-Http-Method-Override", "X-Original-Url", "X-Request-Id", "X-Stainless-Lang", "x",
			"\u00e9", "", "a b", "a\tb", "n".repeat(4000));

	/** Values of headers with which a request stays valid. */
	private static final List<String> PLAIN_VALUES = List.of("", "0", "1", "-1", "*", "*/*", "text/html",
			"application/json", "application/json; charset=utf-16", "application/json; charset=nonsense",
			"text/event-stream", "image/avif;q=1.5", "multipart/form-data; boundary=x", "/", ";;;", ",,,", "gzip", "br",
			"application/x-www-form-urlencoded", "bearer", "Bearer k", "Bearer  k ", "Bearer k k", "Basic azpr", "k",
			"http://a.example", "null", "file://", "chrome-extension://abc", "https", "https,http", "a.example:99999",
			"a.example, b.example", "[::1", "[::1]:1", "evil.example/path", "a@b", "%0d%0a" + INJECTED + ": 1",
			"bytes=0-0", "bytes=0-0,2-3,4-4", "bytes=5-1", "bytes=-1", "bytes=99999999999999999999-", "W/\"x\"", "\"",
			"(((", "Mon, 99 Foo 0000 00:00:00 GMT", "for=\"[::1\";proto=https;host=\"a b\"", "de-DE-x-y-z, *;q=9", "js",
			"ai-sdk/1", "OpenAI/JS 5.0", "a=b; c=\"d", "GET", "DELETE", "x-one, x-two", "true");

	private static final List<String> STRANGE_VALUES = List.of("h2c", "websocket", "close", "keep-alive", "Upgrade",
			"100-continue", "wonders", "chunked", "gzip, chunked", "chunked, chunked", "identity", "xchunked",
			"chunked;x=y", "5", "+5", "-5", "0x5", "5, 5", "5,6", "99999999999999999999", "a\u0000b", "a\u0007b",
			"a\u007fb", "caf\u00e9", "\u00ff\u00fe", "a\r" + INJECTED + ": 1", "a\n" + INJECTED + ": 1",
			"a\r\n" + INJECTED + ": 1", "a\r\n folded", "a".repeat(9000), "b".repeat(40_000));

	private static final List<String> TEXTS = List.of("a red fox in the snow", "", " ", "\\u0000", "\\ud800",
			"\\udc00\\ud800", "\\ud83e\\udd8a", "\ud83e\udd8a", "\ufeff", "\\u202e\\u2028\\u2029", "\\n\\r\\t\\b\\f\\/",
			"\\r\\n" + INJECTED + ": 1\\r\\n\\r\\n", "<|endoftext|>", "'</image_generation>\\\"\\n3:\\\"x\\\"",
			"![a](data:image/png;base64,iVBORw0KGgo=) b", "![a](http://x/images?id=fox)", "data:;base64,",
			"data:image/png;base64,", "![[[[[[((((", "*_`~#>", "### Task: {\\\"title\\\":",
			"### Task: {\\\"tags\\\": <chat_history>", "### Task:", "%s%n$1\\\\1", "../../x", "\u0085\u00a0\u3000",
			"url", "b64_json", "png", "jpeg", "webp", "high", "dall-e-3", "gpt-image-1", "user", "assistant", "system",
			"text", "image_url");

	private static final List<String> BROKEN = List.of("\\x", "\\u12", "\\u00zz", "\\", "\"", "\n", "\u0000");

	private static final List<String> NUMBERS = List.of("0", "-0", "1", "2", "3", "10", "11", "-1", "0.5", "1.0", "1e0",
			"1e2", "1e-2", "1E400", "1e999999999", "-1e-999999999", "1e99999999999999999999", "9223372036854775808",
			"01", "+1", ".5", "1.", "0x10", "NaN", "Infinity", "1".repeat(900), "1".repeat(1200),
			"0." + "0".repeat(990) + "1");

	/**
	 * A server may refuse a body with more chunk extensions than this, even after the
	 * answer (RFC 9112 section 7.1.1).
	 */
	private static final int MOST_EXTENSIONS = 1000;

	private final RandomGenerator random;

	private final List<String> headers = new ArrayList<>();

	/** Whether the request is certainly HTTP, so that it must have an HTTP answer. */
	private boolean isHttp = true;

	private String method = "GET";

	private String target = "/";

	private byte[] body = {};

	private byte[] bytes = {};

	private FuzzedRequest(RandomGenerator random) {
		this.random = random;
	}

	/** Create the request of a seed. */
	static FuzzedRequest of(long seed) {
		FuzzedRequest request = new FuzzedRequest(new SplittableRandom(seed));
		request.create();
		return request;
	}

	byte[] bytes() {
		return this.bytes;
	}

	boolean isHttp() {
		return this.isHttp;
	}

	boolean isHead() {
		return this.method.equals("HEAD");
	}

	private void create() {
		this.headers.add("Host: a.example");
		switch (this.random.nextInt(20)) {
			case 0, 1, 2, 3, 4 -> post(COMPLETIONS);
			case 5, 6, 7, 8, 9 -> post(oneOf(POSTS));
			case 10 -> postForm();
			case 11, 12, 13, 14 -> query();
			case 15, 16 -> path();
			case 17 -> anyMethod();
			default -> manyHeaders();
		}
		if (oneIn(5)) {
			addHeader();
		}
		if (oneIn(8)) {
			this.headers
				.add("Idempotency-Key: " + oneOf(Stream.of("a", "b", "c", "", "a b", "x".repeat(256)).toList()));
		}
		write();
	}

	private void post(String path) {
		String json = switch (path) {
			case GENERATIONS -> generation("stream", "false");
			case EDITS -> generation("images", parts(), "image", text());
			case JOBS -> object("prompt", orText("\"a fox\""), "metadata", object("a", text()));
			case RESPONSES -> response();
			default -> chat();
		};
		this.method = "POST";
		this.target = path;
		authorize();
		if (!oneIn(4)) {
			this.headers.add("Content-Type: application/json");
		}
		this.body = oneIn(5) ? damaged(json.getBytes(StandardCharsets.UTF_8)) : json.getBytes(StandardCharsets.UTF_8);
	}

	private void postForm() {
		post(EDITS);
		this.headers.removeIf((header) -> header.startsWith("Content-Type"));
		this.headers.add("Content-Type: multipart/form-data; boundary=x");
		String form = some(4,
				() -> "--x\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n%s\r\n%s\r\n".formatted(
						oneOf(List.of("prompt", "image", "image[]", "mask", "n", "stream", "", "a\\b", "\u00e9")),
						oneOf(List.of("", "; filename=\"a.png\"", "; filename=", ";", "; name=x")),
						oneOf(List.of("", "Content-Type: image/png\r\n", "Content-Type: text/plain\r\n", garbage(20))),
						oneIn(2) ? "a fox" : garbage(200)))
			.collect(Collectors.joining()) + "--x--\r\n";
		byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
		this.body = oneIn(3) ? damaged(bytes) : bytes;
	}

	private void query() {
		this.target = "/images?" + some(4,
				() -> oneIn(3) ? "id=" + parameterValue()
						: oneOf(PARAMETERS) + (oneIn(8) ? "" : "=") + parameterValue())
			.collect(Collectors.joining("&"));
		this.isHttp = false;
		this.method = oneIn(6) ? "HEAD" : "GET";
	}

	private String parameterValue() {
		return switch (this.random.nextInt(4)) {
			case 0 -> percentEncoded(this.random.nextInt(12));
			case 1 -> "job-" + this.random.nextInt(1000);
			default -> oneOf(PARAMETER_VALUES);
		};
	}

	private String percentEncoded(int length) {
		return IntStream.range(0, length)
			.mapToObj((_) -> "%%%02x".formatted(this.random.nextInt(256)))
			.collect(Collectors.joining());
	}

	private void path() {
		String path = some(6, () -> oneIn(6) ? percentEncoded(2) : oneOf(SEGMENTS)).collect(Collectors.joining("/"));
		this.target = switch (this.random.nextInt(8)) {
			case 0 -> path;
			case 1 -> "http://a.example/" + path;
			case 2 ->
				oneOf(List.of("*", "http://", "a.example:1", "//a.example/ping", "ftp://a/b", "/?", "?", "HTTP/1.1",
						"http://a.example:99999/ping", "http://u:p@a.example/ping", "/ping?#", "http://[::1/ping"));
			case 3 -> "/v1/models/" + path;
			case 4 -> oneOf(ROUTES) + "/" + path;
			default -> "/" + path;
		};
		this.method = oneIn(3) ? oneOf(METHODS) : "GET";
		this.isHttp = false;
		authorize();
	}

	private void anyMethod() {
		this.method = oneOf(METHODS);
		this.target = oneOf(ROUTES);
		this.isHttp = METHODS.indexOf(this.method) < 7;
		authorize();
		if (oneIn(2)) {
			this.body = value(2).getBytes(StandardCharsets.UTF_8);
		}
	}

	private void manyHeaders() {
		this.target = oneOf(ROUTES);
		authorize();
		if (this.target.equals(COMPLETIONS) || POSTS.contains(this.target)) {
			post(this.target);
		}
		for (int i = this.random.nextInt(6); i >= 0; i--) {
			addHeader();
		}
		if (oneIn(20)) {
			IntStream.range(0, 400).forEach((i) -> this.headers.add("X-" + i + ": " + i));
			this.isHttp = false;
		}
	}

	private void addHeader() {
		String name = oneOf(HEADERS);
		boolean isStrange = oneIn(4);
		String value = isStrange ? oneOf(STRANGE_VALUES) : oneIn(10) ? garbage(20) : oneOf(PLAIN_VALUES);
		boolean matters = List.of("Host", "Connection", "Content-Length", "Transfer-Encoding", "Expect", "Upgrade")
			.contains(name);
		boolean isPlain = PLAIN_VALUES.contains(value) && HEADERS.indexOf(name) < HEADERS.indexOf("\u00e9");
		this.isHttp &= isPlain && !matters;
		int place = oneIn(3) ? this.random.nextInt(this.headers.size() + 1) : this.headers.size();
		if (name.equals("Host") && oneIn(2)) {
			this.headers.removeFirst();
			place = 0;
		}
		this.headers.add(place, name + (oneIn(20) ? " :" : ":") + (oneIn(5) ? "\t" : " ") + value);
		this.isHttp &= !this.headers.get(place).startsWith(name + " :");
	}

	private void authorize() {
		if (!oneIn(15)) {
			this.headers.add("Authorization: Bearer k");
		}
	}

	private String garbage(int length) {
		return IntStream.range(0, this.random.nextInt(length))
			.mapToObj((_) -> String.valueOf((char) this.random.nextInt(256)))
			.collect(Collectors.joining());
	}

	private void write() {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] framed = framed();
		String version = oneIn(200) ? oneOf(List.of("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.9", "http/1.1", ""))
				: "HTTP/1.1";
		this.isHttp &= version.equals("HTTP/1.1");
		String head = this.method + " " + this.target + " " + version + "\r\n" + String.join("\r\n", this.headers)
				+ "\r\n\r\n";
		out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
		out.writeBytes(framed);
		this.bytes = out.toByteArray();
	}

	private byte[] framed() {
		if (this.body.length == 0 && this.method.equals("GET")) {
			return this.body;
		}
		int kind = this.random.nextInt(100);
		if (kind < 25) {
			this.headers.add("Transfer-Encoding: chunked");
			return chunked(kind);
		}
		int error = (kind < 32) ? this.random.nextInt(-5, 500) : 0;
		this.isHttp &= error == 0;
		this.headers.add("Content-Length: " + Math.max(0, this.body.length + error));
		return this.body;
	}

	private byte[] chunked(int kind) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		int largest = oneIn(3) ? 8 : 5000;
		int extensions = 0;
		for (int start = 0; start < this.body.length;) {
			int length = Math.min(this.body.length - start,
					1 + this.random.nextInt((this.body.length > 50_000) ? 50_000 : largest));
			String size = (oneIn(5) ? "000" : "") + Integer.toHexString(length) + (oneIn(5) ? ";x=y" : "");
			extensions += size.endsWith(";x=y") ? 1 : 0;
			out.writeBytes((size + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
			out.write(this.body, start, length);
			out.writeBytes(new byte[] { '\r', '\n' });
			start += length;
		}
		String end = switch (kind) {
			case 0 -> "0\r\nX-Trailer: y\r\n\r\n";
			case 1 -> "-1\r\n\r\n";
			case 2 -> "ffffffffffffffff\r\nabc";
			case 3 -> "5\r\nab";
			case 4 -> "0;x=\"y\r\n\r\n" + INJECTED + ": 1";
			case 5 -> "0\r\n" + garbage(40) + "\r\n\r\n";
			default -> "0\r\n\r\n";
		};
		this.isHttp &= kind > 5 && extensions <= MOST_EXTENSIONS;
		out.writeBytes(end.getBytes(StandardCharsets.ISO_8859_1));
		return out.toByteArray();
	}

	private byte[] damaged(byte[] json) {
		byte[] bytes = json.clone();
		switch (this.random.nextInt(8)) {
			case 0 -> bytes = Arrays.copyOf(bytes, this.random.nextInt(bytes.length + 1));
			case 1 -> bytes = both(bytes, oneOf(List.of("}", " {}", "\u0000", ",", "x", "/* */")));
			case 2 -> bytes = both(new byte[0], oneOf(List.of("\ufeff", "\u0000", " \n", "[", ")]}',\n"))
					+ new String(bytes, StandardCharsets.UTF_8));
			case 3 -> bytes = new String(bytes, StandardCharsets.UTF_8).getBytes(oneIn(2) ? StandardCharsets.UTF_16
					: oneIn(2) ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_32);
			case 4 -> bytes = new byte[this.random.nextInt(3)];
			case 5 -> this.random.nextBytes(bytes);
			default -> {
				for (int i = this.random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
					bytes[this.random.nextInt(bytes.length)] = (byte) this.random.nextInt();
				}
			}
		}
		return bytes;
	}

	private static byte[] both(byte[] start, String end) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.writeBytes(start);
		out.writeBytes(end.getBytes(StandardCharsets.UTF_8));
		return out.toByteArray();
	}

	private String chat() {
		return object("messages", messages(), "model", orText("\"AkashGen\""), "waitForImage", "true", "stream",
				oneOf(List.of("true", "false")), "stream_options", object("include_usage", "true"), "n", "1",
				"temperature", "0.5", "tools", "[]", "user", orText("\"u\""), "response_format",
				object("type", "\"text\""));
	}

	private String messages() {
		return some(4,
				() -> object("role", oneIn(6) ? text() : oneOf(List.of("\"user\"", "\"user\"", "\"assistant\"")),
						"content", oneIn(4) ? parts() : orText("\"a fox\""), "name", "\"x\""))
			.collect(Collectors.joining(",", "[", "]"));
	}

	private String parts() {
		return some(4, () -> oneIn(4) ? value(2)
				: object("type", orText("\"text\""), "text", orText("\"a fox\""), "image_url", object("url", text())))
			.collect(Collectors.joining(",", "[", "]"));
	}

	private String response() {
		return object("input", oneIn(2) ? messages() : orText("\"a fox\""), "stream", oneOf(List.of("true", "false")),
				"tools", "[" + object("type", orText("\"image_generation\""), "output_format", "\"png\"") + "]",
				"tool_choice", oneIn(2) ? text() : object("type", "\"image_generation\""), "previous_response_id",
				text(), "conversation", text(), "background", "true", "metadata", object("a", text()),
				"max_output_tokens", oneOf(NUMBERS), "model", text());
	}

	private String generation(String... others) {
		return object(Stream
			.concat(Stream.of("prompt", orText("\"a fox\""), "n", oneIn(4) ? oneOf(NUMBERS) : "1", "model", text(),
					"response_format", oneOf(List.of("\"url\"", "\"b64_json\"", "null")), "output_format",
					oneOf(List.of("\"png\"", "\"webp\"", "\"jpeg\"", "\"\"", "null")), "output_compression",
					oneIn(4) ? oneOf(NUMBERS) : "80", "size", "\"1024x1024\""), Stream.of(others))
			.toArray(String[]::new));
	}

	/**
	 * An object with its first field and some of the others, in any order. Some fields
	 * appear twice, and some have a random value.
	 */
	private String object(String... fields) {
		List<String> chosen = new ArrayList<>();
		for (int i = 0; i < fields.length; i += 2) {
			boolean isEssential = i == 0 || fields[i].equals("content") || fields[i].equals("text");
			for (boolean more = isEssential ? !oneIn(25) : oneIn(4); more; more = oneIn(40)) {
				chosen.add("\"" + fields[i] + "\":" + (oneIn(30) ? value(3) : fields[i + 1]));
			}
		}
		if (oneIn(15)) {
			chosen.add(text() + ":" + value(3));
		}
		if (!chosen.isEmpty() && oneIn(4)) {
			Collections.rotate(chosen, this.random.nextInt(chosen.size()));
		}
		return "{" + String.join(",", chosen) + "}";
	}

	private String orText(String usual) {
		return oneIn(4) ? text() : usual;
	}

	private String value(int depth) {
		return switch (this.random.nextInt((depth > 0) ? 10 : 6)) {
			case 0 -> oneOf(List.of("null", "true", "false", "nul", "True", "''", "undefined", "", "\u0000"));
			case 1, 2 -> oneOf(NUMBERS);
			case 3, 4 -> text();
			case 5 -> oneIn(10) ? nested() : "{}";
			case 6, 7 -> some(4, () -> value(depth - 1)).collect(Collectors.joining(",", "[", "]"));
			default -> object("a", value(depth - 1), "a", value(depth - 1), "", value(depth - 1));
		};
	}

	private String nested() {
		int depth = 1 + this.random.nextInt(3000);
		return oneIn(2) ? "[".repeat(depth) + (oneIn(2) ? "]".repeat(depth) : "")
				: "{\"a\":".repeat(depth) + "1" + (oneIn(2) ? "}".repeat(depth) : "");
	}

	private String text() {
		String text = some(3, () -> oneOf(TEXTS)).collect(Collectors.joining(oneIn(2) ? "" : " "));
		if (oneIn(100)) {
			text = text.repeat(this.random.nextInt(4000));
		}
		if (oneIn(20)) {
			text += this.random.ints(10, 0, 0xFFFF)
				.mapToObj((character) -> oneIn(2) ? "\\u%04x".formatted(character) : Character.toString(character))
				.collect(Collectors.joining());
		}
		return "\"" + text + (oneIn(40) ? oneOf(BROKEN) : "") + "\"";
	}

	private Stream<String> some(int atMost, Supplier<String> one) {
		return IntStream.range(0, this.random.nextInt(oneIn(10) ? 0 : 1, atMost + 1)).mapToObj((_) -> one.get());
	}

	private <T> T oneOf(List<T> values) {
		return values.get(this.random.nextInt(values.size()));
	}

	private boolean oneIn(int times) {
		return this.random.nextInt(times) == 0;
	}

	@Override
	public String toString() {
		String text = new String(this.bytes, 0, Math.min(this.bytes.length, 3000), StandardCharsets.ISO_8859_1);
		return (text.length() < this.bytes.length) ? text + "… (" + this.bytes.length + " bytes)" : text;
	}

}
