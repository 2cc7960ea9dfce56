package io.github.akashgen2api.settings;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PathPrefix}.
 */
class PathPrefixTests {

	@ParameterizedTest
	@ValueSource(strings = { "akash", "/akash", "/akash/", "akash/", " /akash/ " })
	void valueOfWhenWrittenInAnyWayMeansTheSame(String text) {
		assertThat(PathPrefix.valueOf(text)).isEqualTo(new PathPrefix("/akash"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "/" })
	void valueOfWhenNothingIsNoPrefix(String text) {
		assertThat(PathPrefix.valueOf(text)).isEqualTo(new PathPrefix(""));
	}

	@ParameterizedTest
	@CsvSource({ "akash/v1, /akash/v1", "/a/b/c/, /a/b/c", "/A-z_0.9~, /A-z_0.9~", "/.well-known, /.well-known",
			"/a..b, /a..b", "/..., /..." })
	void valueOfWhenPlainPathTakesIt(String text, String contextPath) {
		assertThat(PathPrefix.valueOf(text).contextPath()).isEqualTo(contextPath);
	}

	@ParameterizedTest
	@ValueSource(strings = { "//akash", "/akash//", "/a//b", "/a b", "/a?b", "/a#b", "/ä", "/a%20b", "/a;b", "/a*",
			"/{a}", "\\a", "..", "/.", "/../a", "/a/..", "/a/./b", "/a/../b", "http://example.org" })
	void valueOfWhenNoPlainPathSaysSo(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> PathPrefix.valueOf(text))
			.withMessage("must be a path of letters, digits, '.', '_', '~' and '-' with single slashes between them");
	}

}
