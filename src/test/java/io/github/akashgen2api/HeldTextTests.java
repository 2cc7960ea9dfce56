package io.github.akashgen2api;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.ObjectName;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers say is held within a bound, and no longer than somebody needs it.
 */
class HeldTextTests {

	/**
	 * Each of its 190,000 characters takes three bytes on the wire, and two in memory.
	 */
	private static final String LONG = "猫".repeat(190_000);

	/** So that three of these are. */
	private static final String LESS_THAN_A_MEGABYTE = "猫".repeat(100_000);

	private final HeldAkashGen akashGen = new HeldAkashGen();

	private final List<Socket> callers = new ArrayList<>();

	@AfterEach
	void stop() throws IOException {
		for (Socket caller : this.callers) {
			caller.close();
		}
		this.akashGen.close();
	}

	@Test
	void textBeyondTheBoundIsRefusedAndWelcomeWhenThereIsRoomAgain() {
		try (RunningService service = service("budget.text=4MB")) {
			List<Socket> held = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				held.add(ask(service, "/v1/chat/completions", chat(false)));
				int sent = i + 1;
				HeldAkashGen.soon().until(() -> this.akashGen.underWay() == sent);
			}
			assertThat(status(ask(service, "/v1/chat/completions", chat(false)))).contains(" 503 ")
				.contains("Retry-After: ")
				.contains("The requests in progress contain too much text");
			this.akashGen.status("succeeded");
			this.akashGen.take(100);
			held.forEach((caller) -> assertThat(status(caller)).contains(" 200 "));
			assertThat(status(ask(service, "/v1/chat/completions", chat(false)))).contains(" 200 ");
		}
	}

	@Test
	void textThatIsStillBeingReadIsWithinTheBound() throws IOException {
		try (RunningService service = service("budget.text=1MB")) {
			String body = chat(false);
			for (int i = 0; i < 3; i++) {
				Socket slow = connect(service);
				byte[] request = request("/v1/chat/completions", body);
				slow.getOutputStream().write(request, 0, request.length / 3);
			}
			// It has what fits of one.
			assertThat(this.callers.stream().map(HeldTextTests::statusOrNothing).filter((text) -> text.contains("503")))
				.isNotEmpty();
			for (Socket caller : this.callers) {
				caller.close();
			}
			this.akashGen.status("succeeded");
			this.akashGen.take(100);
			HeldAkashGen.soon()
				.until(() -> status(ask(service, "/v1/chat/completions",
						"{\"messages\":[{\"role\":\"user\",\"content\":\"" + "猫".repeat(100_000) + "\"}]}"))
					.contains(" 200 "));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "stream", "images", "responses" })
	void textIsLetGoOnceAkashGenHasTakenIt(String kind) {
		try (RunningService service = service("budget.text=200MB")) {
			this.akashGen.take(100);
			this.akashGen.status("succeeded");
			askTwenty(service, kind, "first").forEach((caller) -> assertThat(status(caller)).contains(" 200 "));
			this.akashGen.status("pending");
			// With the buffers that the server keeps for the next requests.
			long before = bytesOfText();
			var _ = askTwenty(service, kind, "second");
			HeldAkashGen.soon().until(() -> this.akashGen.prompts().size() == 40 && this.akashGen.underWay() == 0);
			// 4 MB or 12, if each kept its words.
			HeldAkashGen.soon().untilAsserted(() -> assertThat(bytesOfText() - before).isLessThan(2_000_000));
		}
	}

	private List<Socket> askTwenty(RunningService service, String kind, String name) {
		String path = switch (kind) {
			case "images" -> "/v1/images/generations";
			case "responses" -> "/v1/responses";
			default -> "/v1/chat/completions";
		};
		String body = switch (kind) {
			case "images" -> "{\"prompt\":\"" + LONG + "\"}";
			case "responses" -> chat(false).replace("\"messages\"", "\"input\"");
			default -> chat(kind.equals("stream"));
		};
		String named = body.replace(LONG, name + LESS_THAN_A_MEGABYTE);
		return Stream.generate(() -> ask(service, path, named)).limit(20).toList();
	}

	/**
	 * Of the strings on the heap, after a full collection; parsers keep their char
	 * arrays.
	 */
	private static long bytesOfText() {
		try {
			String histogram = (String) ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
			return histogram.lines()
				.filter((line) -> line.matches(".*\\s\\[B( .*)?"))
				.mapToLong((line) -> Long.parseLong(line.strip().split("\\s+", -1)[2]))
				.sum();
		}
		catch (JMException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private RunningService service(String... settings) {
		List<String> all = new ArrayList<>(
				List.of("POLL_MAX_ATTEMPTS=100000", "openai.stream.start-delay=1ms", "shutdown.drain=1s"));
		all.addAll(List.of(settings));
		return RunningService.against(this.akashGen.baseUrl(), all.toArray(String[]::new));
	}

	/** Three messages, 570,000 characters. */
	private static String chat(boolean stream) {
		return "{\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + LONG
				+ "\"},{\"role\":\"assistant\",\"content\":\"" + LONG + "\"},{\"role\":\"user\",\"content\":\"" + LONG
				+ "\"}]}";
	}

	private Socket ask(RunningService service, String path, String body) {
		try {
			Socket socket = connect(service);
			OutputStream out = socket.getOutputStream();
			out.write(request(path, body));
			return socket;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Socket connect(RunningService service) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort());
		this.callers.add(socket);
		return socket;
	}

	private static byte[] request(String path, String body) {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		return ("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Length: " + bytes.length
				+ "\r\n\r\n" + body)
			.getBytes(StandardCharsets.UTF_8);
	}

	private static String status(Socket socket) {
		return status(socket, 30_000);
	}

	private static String statusOrNothing(Socket socket) {
		return status(socket, 500);
	}

	/**
	 * The start of an answer; nothing where none comes in time, or for 0 milliseconds.
	 */
	private static String status(Socket socket, int millis) {
		try {
			if (millis > 0) {
				socket.setSoTimeout(millis);
				StringBuilder answer = new StringBuilder();
				byte[] bytes = new byte[8192];
				while (!answer.toString().contains("\r\n\r\n") || answer.indexOf("}") < 0) {
					int read = socket.getInputStream().read(bytes);
					if (read < 0) {
						break;
					}
					answer.append(new String(bytes, 0, read, StandardCharsets.UTF_8));
				}
				return answer.toString();
			}
			return "";
		}
		catch (IOException ex) {
			return "";
		}
	}

}
