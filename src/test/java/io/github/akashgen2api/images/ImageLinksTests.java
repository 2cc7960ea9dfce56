package io.github.akashgen2api.images;

import java.time.Duration;

import io.github.akashgen2api.akash.BaseUrl;
import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.JobId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ImageLinks}.
 */
class ImageLinksTests {

	private static final String PRIVATE_PEER = "172.17.0.1";

	private static final String PUBLIC_PEER = "203.0.113.7";

	private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/v1/chat/completions");

	ImageLinksTests() {
		this.request.setServerName("api.example.org");
		this.request.setServerPort(3000);
		this.request.setRemoteAddr(PRIVATE_PEER);
		this.request.setQueryString("a=b");
	}

	@Test
	void linkToWhenDirectIsWhereTheCallerAsked() {
		assertThat(link()).isEqualTo("http://api.example.org:3000/images?id=job-1");
	}

	@Test
	void linkToWhenDirectAtTheDefaultPortLeavesItOut() {
		this.request.setServerPort(80);
		assertThat(link()).isEqualTo("http://api.example.org/images?id=job-1");
	}

	@Test
	void linkToWhenDirectOverTlsSaysSo() {
		this.request.setScheme("https");
		this.request.setServerPort(443);
		assertThat(link()).isEqualTo("https://api.example.org/images?id=job-1");
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, http://127.0.0.1:3000", "[::1], http://[::1]:3000", "localhost, http://localhost:3000" })
	void linkToWhenDirectTakesAnyKindOfHost(String serverName, String base) {
		this.request.setServerName(serverName);
		assertThat(link()).isEqualTo(base + "/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-5", "bytes=0-0", "a|b" })
	void linkToWhenHostCanBeInNoAddressNamesThisMachine(String serverName) {
		this.request.setServerName(serverName);
		this.request.setLocalPort(3000);
		assertThat(link()).isEqualTo("http://localhost:3000/images?id=job-1");
	}

	@Test
	void linkToWhenThereIsAContextPathBeginsWithIt() {
		this.request.setContextPath("/akash");
		this.request.setRequestURI("/akash/v1/chat/completions");
		assertThat(link()).isEqualTo("http://api.example.org:3000/akash/images?id=job-1");
	}

	@Test
	void linkToWhenForwardedAndThereIsAContextPathHasBoth() {
		this.request.setContextPath("/akash");
		forwarded("https", "pictures.example.org", null);
		assertThat(link()).isEqualTo("https://pictures.example.org/akash/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { PUBLIC_PEER, "8.8.8.8", "2001:4860:4860::8888", "172.32.0.1", "11.0.0.1", "::ffff:8.8.8.8",
			"100.63.255.255", "100.128.0.1", "[2001:4860:4860::8888]", "not an address", "api.internal", "" })
	void linkToWhenPeerIsPublicIgnoresWhatItClaims(String peer) {
		this.request.setRemoteAddr(peer);
		this.request.addHeader("Forwarded", "proto=https;host=evil.example");
		this.request.addHeader("CF-Visitor", "{\"scheme\":\"https\"}");
		forwarded("https", "evil.example", "8443");
		assertThat(link()).isEqualTo("http://api.example.org:3000/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1",
			"169.254.1.1", "100.64.0.1", "100.127.255.254", "::1", "[::1]", "0:0:0:0:0:0:0:1", "[0:0:0:0:0:0:0:1]",
			"[fe80::1%eth0]", "fe80::1%2", "fd00::1", "fc00::1", "fe80::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1" })
	void linkToWhenPeerIsPrivateHeedsWhatItSays(String peer) {
		this.request.setRemoteAddr(peer);
		forwarded("https", "pictures.example.org", null);
		assertThat(link()).isEqualTo("https://pictures.example.org/images?id=job-1");
	}

	/** What common proxies send, each behind the name of the chain. */
	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					direct                                       | example.org            | -          | -                      | -        | http://example.org
					direct, another port                         | example.org:8080       | -          | -                      | -        | http://example.org:8080
					direct, Docker maps 80                       | 192.168.1.5            | -          | -                      | -        | http://192.168.1.5
					direct, Docker maps 443 without TLS          | 192.168.1.5:443        | -          | -                      | -        | http://192.168.1.5:443
					direct, default port named                   | example.org:80         | -          | -                      | -        | http://example.org
					direct, IPv6                                 | [2001:db8::1]:3000     | -          | -                      | -        | http://[2001:db8::1]:3000
					direct, IPv6 at the default port             | [::1]                  | -          | -                      | -        | http://[::1]
					Compose service                              | akash_gen:3000         | -          | -                      | -        | http://akash_gen:3000
					Compose service at the default port          | akash_gen              | -          | -                      | -        | http://akash_gen
					Kubernetes service                           | akashgen.default.svc:3000 | -       | -                      | -        | http://akashgen.default.svc:3000
					nginx, Host $host, TLS                       | example.org            | https      | -                      | -        | https://example.org
					nginx, Host $host, no TLS                    | example.org            | http       | -                      | -        | http://example.org
					nginx, Host $http_host, TLS                  | example.org:8443       | https      | -                      | -        | https://example.org:8443
					nginx, Host $http_host, no TLS               | example.org:8080       | http       | -                      | -        | http://example.org:8080
					nginx, Host $host:$server_port, TLS          | example.org:443        | https      | -                      | -        | https://example.org
					nginx, Host $host:$server_port, no TLS       | example.org:80         | http       | -                      | -        | http://example.org
					nginx, Host $proxy_host and X-Forwarded-Host | akash_gen:3000         | https      | example.org            | -        | https://example.org
					nginx, Host $host, port in its own header    | example.org            | https      | -                      | 8443     | https://example.org:8443
					nginx proxy manager                          | example.org            | https      | -                      | -        | https://example.org
					Traefik                                      | example.org            | https      | example.org            | 443      | https://example.org
					Traefik, no TLS                              | example.org            | http       | example.org            | 80       | http://example.org
					Traefik, another port                        | example.org:8443       | https      | example.org:8443       | 8443     | https://example.org:8443
					Traefik, port mapped by Docker               | example.org:9443       | https      | example.org:9443       | 443      | https://example.org:9443
					Traefik, WebSocket                           | example.org            | wss        | example.org            | 443      | https://example.org
					Traefik, WebSocket, no TLS                   | example.org:8080       | ws         | example.org:8080       | 8080     | http://example.org:8080
					Caddy                                        | example.org            | https      | example.org            | -        | https://example.org
					Caddy, another port                          | example.org:8443       | https      | example.org:8443       | -        | https://example.org:8443
					Caddy, IPv6                                  | [2001:db8::1]:8443     | https      | [2001:db8::1]:8443     | -        | https://[2001:db8::1]:8443
					Apache                                       | akash:3000             | -          | example.org            | -        | http://example.org
					Apache, TLS                                  | akash:3000             | https      | example.org:8443       | -        | https://example.org:8443
					Apache in front of Apache                    | akash:3000             | https      | example.org, inner:80  | -        | https://example.org
					Cloudflare                                   | example.org            | https      | -                      | -        | https://example.org
					Cloudflare, then Traefik without TLS         | example.org            | https      | example.org            | 80       | https://example.org
					Cloudflare, then one that appends            | example.org            | https,http | example.org, inner     | 443, 80  | https://example.org
					Cloudflare, then one that appends, no ports  | example.org            | 'https, http' | -                   | -        | https://example.org
					AWS ALB                                      | example.org            | https      | -                      | 443      | https://example.org
					AWS ALB, no TLS                              | example.org            | http       | -                      | 80       | http://example.org
					AWS ALB, another port                        | example.org:8443       | https      | -                      | 8443     | https://example.org:8443
					AWS ELB, TCP without headers                 | example.org            | -          | -                      | -        | http://example.org
					HAProxy, forwarded port alone                | example.org            | -          | -                      | 443      | https://example.org
					HAProxy                                      | example.org            | https      | -                      | 443      | https://example.org
					HAProxy, another port, no Host change        | example.org:8443       | https      | -                      | 8443     | https://example.org:8443
					HAProxy, TLS ended on an odd inner port      | example.org            | https      | -                      | 80       | https://example.org
					Tailscale serve                              | box.tail1.ts.net       | https      | box.tail1.ts.net       | -        | https://box.tail1.ts.net
					Tailscale serve, another port                | box.tail1.ts.net:8443  | https      | box.tail1.ts.net:8443  | -        | https://box.tail1.ts.net:8443
					Kubernetes ingress-nginx                     | example.org            | https      | example.org            | 443      | https://example.org
					Kubernetes ingress, port of the node         | example.org:30443      | https      | example.org:30443      | 443      | https://example.org:30443
					Envoy                                        | example.org            | https      | -                      | -        | https://example.org
					Vite and other development servers           | localhost:3000         | http       | localhost:5173         | 5173     | http://localhost:5173
					inner Host, no other name known              | akash:3000             | https      | -                      | 443      | https://akash:3000
					port against the one that Host names         | example.org:3000       | -          | -                      | 8080     | http://example.org:3000
					port against the one that the name has       | akash:3000             | https      | example.org:1          | 8443     | https://example.org:1
					name in capitals                             | example.org            | HTTPS      | Example.org            | -        | https://Example.org
					""")
	void linkToWhenProxiedIsWhatTheClientCanOpen(String chain, String host, String proto, String forwardedHost,
			String port, String base) {
		this.request.addHeader("Host", host);
		forwarded(proto, forwardedHost, port);
		assertThat(link()).isEqualTo(base + "/images?id=job-1");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "for=192.0.2.60;proto=https;host=example.org | https://example.org",
					"For=\"[2001:db8::17]:4711\"; Proto=HTTPS; Host=\"example.org:8443\" | https://example.org:8443",
					"for=192.0.2.43, for=198.51.100.17;proto=https;host=inner | http://api.example.org:3000",
					"proto=https;host=example.org, proto=http;host=inner | https://example.org",
					"proto=https;host=evil.example/path | https://api.example.org:3000",
					"proto=javascript;host=example.org | http://example.org", "= | http://api.example.org:3000",
					";;; | http://api.example.org:3000" })
	void linkToWhenForwardedAsInRfc7239HeedsIt(String forwarded, String base) {
		this.request.addHeader("Forwarded", forwarded);
		assertThat(link()).isEqualTo(base + "/images?id=job-1");
	}

	@Test
	void linkToWhenForwardedInBothWaysHeedsTheCommonOne() {
		this.request.addHeader("Forwarded", "proto=http;host=inner");
		forwarded("https", "example.org", null);
		assertThat(link()).isEqualTo("https://example.org/images?id=job-1");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{\"scheme\":\"https\"} | https://example.org",
			"{\"scheme\":\"http\"} | http://example.org", "https | http://example.org" })
	void linkToWhenNginxHidesCloudflaresSchemeSeesIt(String visitor, String base) {
		this.request.addHeader("Host", "example.org");
		this.request.addHeader("CF-Visitor", visitor);
		forwarded("http", null, null);
		assertThat(link()).isEqualTo(base + "/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "evil.example/path", "a b", "a|b", "-5", "a:99999", "[evil.example]", "<a>" })
	void linkToWhenHostHeaderCanBeInNoAddressTakesTheSocket(String host) {
		this.request.addHeader("Host", host);
		this.request.setServerName("a|b");
		this.request.setLocalPort(3000);
		assertThat(link()).isEqualTo("http://localhost:3000/images?id=job-1");
	}

	@Test
	void linkToWhenForwardedTwiceHeedsTheFirstOfEachList() {
		forwarded("https, http", "pictures.example.org, inner.example.org:3000", "8443, 3000");
		assertThat(link()).isEqualTo("https://pictures.example.org:8443/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ",", "evil.example/path", "evil.example?x", "evil.example#x", "user@evil.example",
			"evil.example\\x", "evil example", "evil.example:port", "evil.example:", "evil.example:-2",
			"evil.example:99999", "evil.example:1:2", ":8443", "[::1", "[evil.example]", "::1", "<script>", "%65vil",
			"{host}", "a\r\nb" })
	void linkToWhenForwardedHostIsRubbishIgnoresIt(String host) {
		this.request.addHeader("X-Forwarded-Host", host);
		assertThat(link()).isEqualTo("http://api.example.org:3000/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ",", "javascript", "ftp", "ht tp", "https:", "{proto}", "1" })
	void linkToWhenForwardedProtoIsRubbishIgnoresIt(String proto) {
		this.request.addHeader("X-Forwarded-Proto", proto);
		assertThat(link()).isEqualTo("http://api.example.org:3000/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ",", "port", "-2", "-1", "0", "65536", "99999999999", "80a", "{port}" })
	void linkToWhenForwardedPortIsRubbishIgnoresIt(String port) {
		this.request.addHeader("X-Forwarded-Port", port);
		assertThat(link()).isEqualTo("http://api.example.org:3000/images?id=job-1");
	}

	@Test
	void linkToWhenOneForwardedHeaderIsRubbishHeedsTheOthers() {
		forwarded("https", "evil.example/path", "70000");
		assertThat(link()).isEqualTo("https://api.example.org:3000/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Forwarded-Ssl", "X-Forwarded-Prefix", "X-Forwarded-Server", "X-Original-Host" })
	void linkToWhenOtherForwardingHeaderIgnoresIt(String name) {
		this.request.addHeader(name, "on");
		assertThat(link()).isEqualTo("http://api.example.org:3000/images?id=job-1");
	}

	@ParameterizedTest
	@CsvSource({ "https://pictures.example.org, https://pictures.example.org/images?id=job-1",
			"https://pictures.example.org:8443/akash/, https://pictures.example.org:8443/akash/images?id=job-1",
			"http://[::1]:3000, http://[::1]:3000/images?id=job-1" })
	void linkToWhenThePublicBaseUrlIsSetHeedsNothingElse(String publicBaseUrl, String expected) {
		this.request.setContextPath("/other");
		forwarded("http", "evil.example", "1");
		ImageLinks links = new ImageLinks(settings(BaseUrl.valueOf(publicBaseUrl)));
		assertThat(links.linkTo(new JobId("job-1"), this.request)).isEqualTo(expected);
	}

	@Test
	void linkToWhenInAFormatNamesIt() {
		ImageLinks links = new ImageLinks(settings(null));
		assertThat(links.linkTo(new JobId("job-1"), ImageFormat.JPEG, this.request))
			.isEqualTo("http://api.example.org:3000/images?id=job-1&format=jpeg");
	}

	private void forwarded(String proto, String host, String port) {
		addHeader("X-Forwarded-Proto", proto);
		addHeader("X-Forwarded-Host", host);
		addHeader("X-Forwarded-Port", port);
	}

	private void addHeader(String name, String value) {
		if (value != null) {
			this.request.addHeader(name, value);
		}
	}

	private String link() {
		return new ImageLinks(settings(null)).linkTo(new JobId("job-1"), this.request);
	}

	private static ImagesProperties settings(BaseUrl publicBaseUrl) {
		return new ImagesProperties(publicBaseUrl, StorePath.valueOf("unused"), new StoreSize(0), Duration.ZERO,
				Duration.ofMinutes(1), 16, 3, Duration.ofMillis(1), Duration.ofMinutes(1), 10);
	}

}
