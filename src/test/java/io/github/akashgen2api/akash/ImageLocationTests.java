package io.github.akashgen2api.akash;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ImageLocation}.
 */
class ImageLocationTests {

	private static final BaseUrl BASE = BaseUrl.valueOf("https://chat.akash.network");

	private static final BaseUrl PREFIXED_BASE = BaseUrl.valueOf("https://example.org:8443/akash/chat/");

	@ParameterizedTest
	@ValueSource(strings = { "job_44a92033_00001_.webp", "a", "A-1_b.c.png", ".hidden", "data" })
	void ofWhenPathIsAFile(String name) {
		assertThat(ImageLocation.of("/api/image/" + name, BASE)).isEqualTo(new ImageLocation.File(name));
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://chat.akash.network/api/image/a.webp",
			"https://chat.akash.network:443/api/image/a.webp", "HTTPS://Chat.Akash.Network/api/image/a.webp" })
	void ofWhenAddressOfTheSameOriginIsAFile(String address) {
		assertThat(ImageLocation.of(address, BASE)).isEqualTo(new ImageLocation.File("a.webp"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/image/a.webp", "https://example.org:8443/akash/chat/api/image/a.webp" })
	void ofWhenBaseHasAPathIsAFileBelowIt(String result) {
		assertThat(ImageLocation.of(result, PREFIXED_BASE)).isEqualTo(new ImageLocation.File("a.webp"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "https://example.org:8443/api/image/a.webp", "https://example.org:8443/akash/api/image/a.webp",
					"https://example.org:8443/akash/chatter/api/image/a.webp",
					"https://example.org/akash/chat/api/image/a.webp" })
	void ofWhenBaseHasAPathIsForeignOutsideOfIt(String result) {
		assertThat(ImageLocation.of(result, PREFIXED_BASE)).isEqualTo(new ImageLocation.Foreign(result));
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.example/api/image/a.webp", "//evil.example/api/image/a.webp",
			"https://chat.akash.network.evil.example/api/image/a.webp",
			"https://chat.akash.network@evil.example/api/image/a.webp",
			"https://user@chat.akash.network/api/image/a.webp", "http://chat.akash.network/api/image/a.webp",
			"https://chat.akash.network:8443/api/image/a.webp", "https://chat.akash.network",
			"https://chat.akash.network/", "https://chat.akash.network/api/chat/", "file:///api/image/a.webp",
			"javascript:alert(1)", "https://[broken/api/image/a.webp", "/api/image", "/api/image/", "/api/chat/",
			"/api/image-status/?ids=x", "/api/images/a.webp", "api/image/a.webp", "/API/image/a.webp", "/api/image/..",
			"/api/image/.", "/api/image/../chat", "/api/image/a..b", "/api/image/%2e%2e", "/api/image/..%2fsecret",
			"/api/image/a%2Fb", "/api/image/a/b.webp", "/api/image/a.webp/", "/api/image/a.webp?x=1",
			"/api/image/a.webp#x", "/api/image/a b.webp", "/api/image/a\\b", "/api/image/ä.webp", "/api/image/a.webp\n",
			"https://chat.akash.network/api/image/..%2fsecret", "https://chat.akash.network/api/image/%61.webp",
			"https://chat.akash.network/api/image/a.webp?x=1", "https://chat.akash.network/api/image/a.webp#x",
			"https://chat.akash.network/x/../api/image/a.webp", "data:text/html;base64,PGI+", "data:image/webp,raw",
			"data:,", "No available workers" })
	void ofWhenAnythingElseIsForeign(String result) {
		assertThat(ImageLocation.of(result, BASE)).isEqualTo(new ImageLocation.Foreign(result));
	}

	@Test
	void ofWhenForeignRemembers200Characters() {
		assertThat(ImageLocation.of("x".repeat(100_000), BASE)).isEqualTo(new ImageLocation.Foreign("x".repeat(200)));
	}

}
