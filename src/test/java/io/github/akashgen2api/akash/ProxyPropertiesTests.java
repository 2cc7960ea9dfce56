package io.github.akashgen2api.akash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Which way leads to AkashGen, and what a proxy on it sees.
 */
class ProxyPropertiesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			value = { "http://proxy.example.com:3128 | proxy.example.com:3128 | -", "proxy | proxy:80 | -",
					"HTTP://proxy:8080/ | proxy:8080 | -", "[::1]:3128 | ::1:3128 | -",
					"http://u:p@proxy:3128 | proxy:3128 | Basic dTpw",
					"u%40x:p%3a+@proxy:1 | proxy:1 | Basic dUB4OnA6Kw==", "u@proxy:1 | proxy:1 | Basic dTo=" })
	void proxyIsReadAsCurlDoes(String text, String address, @Nullable String authorization) {
		HttpProxy proxy = proxy(text);
		assertThat(proxy).hasToString("HttpProxy[" + address + "]");
		assertThat(proxy.authorization()).isEqualTo(authorization);
		assertThat(proxy.address().isUnresolved()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "socks5://proxy:1080", "https://secret@proxy", "http://", "http://secret:p w@proxy",
			"http://proxy:99999", "http://proxy/secret", "http://proxy?secret", "http://proxy:many",
			"http://secret%zz@proxy" })
	void whatIsNoProxyIsRefusedWithoutShowingIt(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> HttpProxy.valueOf(text))
			.withMessage("must be a proxy such as http://user:password@proxy.example.com:3128")
			.withNoCause();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "https://chat.akash.network | '' | secure", "http://akash.test | '' | plain",
					"http://akash.test | * | -", "http://akash.test | akash.test | -", "http://akash.test | .test | -",
					"http://akash.test | *.test | -", "http://AKASH.test. | Akash.Test | -",
					"http://akash.test | kash.test | plain", "http://akash.test | a, akash.test b | -",
					"http://akash.test | akash.test:80 | -", "http://akash.test | akash.test:8080 | plain",
					"http://akash.test:8080 | akash.test:8080 | -", "https://akash.test | akash.test:443 | -",
					"http://192.0.2.1 | 192.0.2.1 | -", "http://192.0.2.1 | 2.1 | plain",
					"http://192.0.2.1:81 | 192.0.2.1:81 | -", "http://[2001:db8::1] | 2001:db8::1 | -",
					"http://[2001:db8::1] | [2001:db8::1]:80 | -", "http://localhost:1 | '' | -",
					"http://127.0.0.7 | '' | -", "http://[::1] | '' | -" })
	void wayLeadsThroughTheProxyOfTheSchemeUnlessTheHostIsExcepted(String base, String except, String way) {
		ProxyProperties settings = new ProxyProperties(proxy("plain"), proxy("secure"), NoProxyHosts.valueOf(except));
		assertThat(settings.to(base(base)).map((proxy) -> proxy.address().getHostString()).orElse("-")).isEqualTo(way);
	}

	@Test
	void proxyIsToldTheWholeAddressAndItsPassword() throws Exception {
		try (Listener proxy = new Listener("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
			UpstreamResponse answer = ask("http://akash.test/below", proxy);
			assertThat(answer.text()).isEqualTo("hi");
			assertThat(proxy.head()).startsWith("GET http://akash.test/below/x HTTP/1.1")
				.contains("Proxy-Authorization: Basic dTpw", "Cookie: a=1");
		}
	}

	@Test
	void tunnelIsAskedForWithThePasswordAndWithoutWhatIsAkashGens() throws Exception {
		try (Listener proxy = new Listener("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")) {
			assertThatExceptionOfType(AkashGenException.Unavailable.class)
				.isThrownBy(() -> ask("https://akash.test", proxy))
				.withMessage("AkashGen cannot be reached")
				.satisfies((ex) -> assertThat(ex.upstreamMessage()).isEqualTo("The proxy answered 403"));
			assertThat(proxy.head()).startsWith("CONNECT akash.test:443 HTTP/1.1")
				.contains("Proxy-Authorization: Basic dTpw")
				.noneMatch((line) -> line.startsWith("Cookie"));
		}
	}

	@Test
	void akashGenIsNotToldThePassword() throws Exception {
		try (Listener akashGen = new Listener("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
			assertThat(ask("http://127.0.0.1:" + akashGen.port(), akashGen).text()).isEqualTo("hi");
			assertThat(akashGen.head()).startsWith("GET /x HTTP/1.1").noneMatch((line) -> line.startsWith("Proxy-"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://akash.test", "https://akash.test" })
	void proxyThatWantsOtherCredentialsIsReported(String base) throws Exception {
		try (Listener proxy = new Listener(
				"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")) {
			UpstreamResponse answer = ask(base, proxy);
			assertThat(UpstreamErrorMapper.unexpected(answer)).isInstanceOf(AkashGenException.Unavailable.class)
				.hasMessage("The proxy on the way to AkashGen refuses its credentials");
		}
	}

	private static UpstreamResponse ask(String base, Listener proxy) {
		HttpProxy through = proxy("http://u:p@127.0.0.1:" + proxy.port());
		Duration timeout = Duration.ofSeconds(10);
		AkashGenProperties settings = new AkashGenProperties(base(base), null, ExtraCookies.valueOf("a=1"), null,
				"tests", timeout, timeout, timeout, timeout, timeout);
		UpstreamClientFactory upstream = new UpstreamClientFactory(settings,
				new ProxyProperties(through, through, NoProxyHosts.valueOf("")), Recording.JSON);
		UpstreamClient client = upstream.client("a test", timeout, DataSize.ofKilobytes(64));
		return client.exchange(client.get("/x"));
	}

	private static HttpProxy proxy(String text) {
		return Objects.requireNonNull(HttpProxy.valueOf(text));
	}

	private static BaseUrl base(String text) {
		return Objects.requireNonNull(BaseUrl.valueOf(text));
	}

	/** Answers one request, and remembers its head. */
	private static final class Listener implements AutoCloseable {

		private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

		private final CompletableFuture<List<String>> head = new CompletableFuture<>();

		Listener(String answer) throws IOException {
			Thread.ofVirtual().start(() -> {
				try (Socket socket = this.server.accept()) {
					this.head.complete(read(socket));
					socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
					socket.getInputStream().read();
				}
				catch (IOException ex) {
					this.head.completeExceptionally(ex);
				}
			});
		}

		private static List<String> read(Socket socket) throws IOException {
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			List<String> lines = new ArrayList<>();
			String line = reader.readLine();
			while (line != null && !line.isEmpty()) {
				lines.add(line);
				line = reader.readLine();
			}
			return lines;
		}

		int port() {
			return this.server.getLocalPort();
		}

		List<String> head() {
			return this.head.orTimeout(10, TimeUnit.SECONDS).join();
		}

		@Override
		public void close() throws IOException {
			this.server.close();
		}

	}

}
