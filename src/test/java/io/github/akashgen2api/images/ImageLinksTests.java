package io.github.akashgen2api.images;

import java.time.Duration;

import io.github.akashgen2api.akash.BaseUrl;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.PictureFormat;
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
			"not an address", "api.internal", "" })
	void linkToWhenPeerIsPublicIgnoresWhatItClaims(String peer) {
		this.request.setRemoteAddr(peer);
		forwarded("https", "evil.example", "8443");
		assertThat(link()).isEqualTo("http://api.example.org:3000/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1",
			"169.254.1.1", "::1", "0:0:0:0:0:0:0:1", "fd00::1", "fc00::1", "fe80::1", "::ffff:10.0.0.1",
			"::ffff:127.0.0.1" })
	void linkToWhenPeerIsPrivateHeedsWhatItSays(String peer) {
		this.request.setRemoteAddr(peer);
		forwarded("https", "pictures.example.org", null);
		assertThat(link()).isEqualTo("https://pictures.example.org/images?id=job-1");
	}

	@ParameterizedTest
	@CsvSource({ "https,,, https://api.example.org", "http,,, http://api.example.org",
			",pictures.example.org,, http://pictures.example.org",
			"https,pictures.example.org,, https://pictures.example.org",
			"https,pictures.example.org:8443,, https://pictures.example.org:8443",
			"https,pictures.example.org:443,, https://pictures.example.org",
			"http,pictures.example.org:80,, http://pictures.example.org",
			"https,pictures.example.org,8443, https://pictures.example.org:8443",
			"https,pictures.example.org,443, https://pictures.example.org",
			"http,pictures.example.org,80, http://pictures.example.org",
			"https,pictures.example.org:1,8443, https://pictures.example.org:8443",
			",,8080, http://api.example.org:8080", "https,127.0.0.1:8443,, https://127.0.0.1:8443",
			"https,[2001:db8::1],, https://[2001:db8::1]", "https,[2001:db8::1]:8443,, https://[2001:db8::1]:8443",
			"https,akash_api,, https://akash_api" })
	void linkToWhenForwardedCombinesProtoHostAndPort(String proto, String host, String port, String base) {
		forwarded(proto, host, port);
		assertThat(link()).isEqualTo(base + "/images?id=job-1");
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
		forwarded("https", "evil.example/path", "8443");
		assertThat(link()).isEqualTo("https://api.example.org:8443/images?id=job-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Forwarded", "X-Forwarded-Ssl", "X-Forwarded-Prefix" })
	void linkToWhenOtherForwardingHeaderIgnoresIt(String name) {
		this.request.addHeader(name, name.equals("Forwarded") ? "proto=https;host=evil.example" : "on");
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
		assertThat(links.linkTo(new JobId("job-1"), PictureFormat.JPEG, this.request))
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

	private static ImagesSettings settings(BaseUrl publicBaseUrl) {
		return new ImagesSettings(publicBaseUrl, StoreDirectory.valueOf("unused"), new Capacity(0), Duration.ZERO, 16,
				3, Duration.ofMillis(1), Duration.ofMinutes(1), 10);
	}

}
