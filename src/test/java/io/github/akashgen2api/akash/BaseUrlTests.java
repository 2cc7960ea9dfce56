package io.github.akashgen2api.akash;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link BaseUrl}.
 */
class BaseUrlTests {

	@ParameterizedTest
	@CsvSource({ "https://chat.akash.network, https://chat.akash.network",
			"https://chat.akash.network/, https://chat.akash.network",
			"https://chat.akash.network///, https://chat.akash.network",
			"' http://127.0.0.1:8080 ', http://127.0.0.1:8080", "http://[::1]:8080/, http://[::1]:8080",
			"https://example.org/akash/chat/, https://example.org/akash/chat",
			"https://example.org/a//b/./c/../d, https://example.org/a/b/d",
			"https://example.org/a/.., https://example.org", "https://example.org/a/., https://example.org/a",
			"HTTPS://Example.org, HTTPS://Example.org", "https://example.org:65535, https://example.org:65535" })
	void valueOfWhenAddressHasNoSlashAtItsEnd(String text, String expected) {
		assertThat(BaseUrl.valueOf(text)).hasToString(expected).isEqualTo(new BaseUrl(URI.create(expected)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t\n" })
	void valueOfWhenBlankIsNone(String text) {
		assertThat(BaseUrl.valueOf(text)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "chat.akash.network", "//chat.akash.network", "/path", "ftp://example.org",
			"file:///etc/passwd", "mailto:a@example.org", "https:example.org", "httpss://example.org",
			"https://example.org:65536", "https://exa_mple.org", "localhost:3000" })
	void valueOfWhenNoAbsoluteHttpAddressSaysSo(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> BaseUrl.valueOf(text))
			.withMessage("must be an absolute http or https address");
	}

	@ParameterizedTest
	@CsvSource({ "https://, Expected authority", "https://exam ple.org, Illegal character in authority",
			"https://example.org/a b, Illegal character in path",
			"https://[::1, Expected closing bracket for IPv6 address" })
	void valueOfWhenNoAddressAtAllSaysWhy(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> BaseUrl.valueOf(text))
			.withMessage("must be an absolute http or https address: " + reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://user@example.org", "https://user:secret@example.org", "https://example.org?x=1",
			"https://example.org/#top", "https://example.org?", "https://example.org#" })
	void valueOfWhenMoreThanAnAddressSaysSo(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> BaseUrl.valueOf(text))
			.withMessage("must have neither user, query nor fragment");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://example.org", "https://example.org:443/x", "HTTPS://EXAMPLE.ORG/?q#f" })
	void isOriginOfWhenSchemeHostAndPortAreTheSame(String other) {
		assertThat(BaseUrl.valueOf("https://example.org/base").isOriginOf(URI.create(other))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://example.org", "https://example.org:8443", "https://example.org.evil.example",
			"https://evil.example", "https://user@example.org", "//example.org", "/path", "mailto:a@example.org" })
	void isOriginOfWhenAnythingDiffersIsFalse(String other) {
		assertThat(BaseUrl.valueOf("https://example.org").isOriginOf(URI.create(other))).isFalse();
	}

	@Test
	void isOriginOfWhenPlainHttpKnowsItsPort() {
		BaseUrl base = BaseUrl.valueOf("http://example.org:80");
		assertThat(base.isOriginOf(URI.create("http://example.org/x"))).isTrue();
		assertThat(base.isOriginOf(URI.create("https://example.org:80/x"))).isFalse();
	}

}
