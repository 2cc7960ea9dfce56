package io.github.akashgen2api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every answer tells a browser, whoever gives it.
 */
class SecurityHeaderTests {

	private static final List<String> HEADERS = List.of("X-Content-Type-Options: nosniff",
			"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'", "Referrer-Policy: no-referrer",
			"Cross-Origin-Resource-Policy: cross-origin", "X-Frame-Options: DENY");

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "API_PREFIX=akash");

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "GET /akash/ping HTTP/1.1\\r\\nHost: x | '' | 200",
			"GET /akash/openapi.yaml HTTP/1.1\\r\\nHost: x | '' | 200",
			"HEAD /akash/ping HTTP/1.1\\r\\nHost: x | '' | 200", "OPTIONS /akash/ping HTTP/1.1\\r\\nHost: x | '' | 200",
			"GET /akash HTTP/1.1\\r\\nHost: x | '' | 301",
			"GET /akash/actuator/health HTTP/1.1\\r\\nHost: x | '' | 200",
			"GET /akash/images HTTP/1.1\\r\\nHost: x | '' | 400", "GET /akash/nothing HTTP/1.1\\r\\nHost: x | '' | 404",
			"GET /outside HTTP/1.1\\r\\nHost: x | '' | 404", "POST /akash/ping HTTP/1.1\\r\\nHost: x | '' | 405",
			"TRACE /akash/ping HTTP/1.1\\r\\nHost: x | '' | 405", "GET /a%00b HTTP/1.1\\r\\nHost: x | '' | 400",
			"GET /akash/..;/ping HTTP/1.1\\r\\nHost: x | '' | 400", "GET /akash/ping HTTP/1.1\\r\\nX: y | '' | 400",
			"GET /a b HTTP/1.1\\r\\nHost: x | '' | 400", "G(T /akash/ping HTTP/1.1\\r\\nHost: x | '' | 400",
			"GET /akash/ping HTTP/1.1\\r\\nHost: x\\r\\nno colon | '' | 400",
			"GET /akash/ping HTTP/3.1\\r\\nHost: x | '' | 505",
			"GET /akash/ping HTTP/1.1\\r\\nHost: x\\r\\nExpect: wonders | '' | 417",
			"OPTIONS /akash/v1/models HTTP/1.1\\r\\nHost: x\\r\\nOrigin: https://a.example\\r\\nAccess-Control-Request-Method: GET | '' | 200",
			"GET /akash/v1/models HTTP/1.1\\r\\nHost: x | '' | 401",
			"GET /akash/v1/models HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer k | '' | 200",
			"POST /akash/v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer k | {} | 400",
			"POST /akash/v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer k | {\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}]} | 200",
			"POST /akash/v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer k | {\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}],\"stream\":true} | 200" })
	void everyAnswerCarriesTheHeadersOnce(String request, String body, int status) throws IOException {
		List<String> head = head(request, body);
		assertThat(head.getFirst()).startsWith("HTTP/1.1 " + status + " ");
		for (String header : HEADERS) {
			String name = header.substring(0, header.indexOf(':') + 1);
			assertThat(head).filteredOn((line) -> line.regionMatches(true, 0, name, 0, name.length()))
				.as(name)
				.containsExactly(header);
		}
		assertThat(head).noneMatch((line) -> line.toLowerCase(Locale.ROOT).startsWith("server:"));
	}

	private static List<String> head(String request, String body) throws IOException {
		String length = body.isEmpty() ? "" : "\r\nContent-Length: " + body.length();
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream()
				.write((request.replace("\\r\\n", "\r\n") + length + "\r\nConnection: close\r\n\r\n" + body)
					.getBytes(StandardCharsets.UTF_8));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			return answer.substring(0, answer.indexOf("\r\n\r\n")).lines().toList();
		}
	}

}
