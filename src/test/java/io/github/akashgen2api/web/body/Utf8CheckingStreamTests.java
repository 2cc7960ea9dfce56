package io.github.akashgen2api.web.body;

import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Utf8CheckingStream}.
 */
class Utf8CheckingStreamTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "é狐🦊", "\uFEFF{}", "\u0080\u07FF\u0800\uFFFF\uD800\uDC00\uDBFF\uDFFF" })
	void utf8IsKept(String text) throws IOException {
		assertThat(read(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
	}

	@Test
	void latin1ThrowsNamingTheByte() {
		assertThatExceptionOfType(CharConversionException.class)
			.isThrownBy(() -> read("{\"a\":\"café\"}".getBytes(StandardCharsets.ISO_8859_1)))
			.withMessage("The request body is not UTF-8 (byte 10 is 0xE9); encode it as UTF-8");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32" })
	void utf16ThrowsNamingIt(String charset) {
		assertThatExceptionOfType(CharConversionException.class)
			.isThrownBy(() -> read("{\"a\":1}".getBytes(Charset.forName(charset))))
			.withMessageContaining("is not UTF-8 (byte ")
			.withMessageContaining("looks like UTF-16");
	}

	@ParameterizedTest
	@CsvSource({ "80, 1", "C1BF, 1", "C3, 0", "C328, 1", "E09F80, 1", "EDA080, 1", "E28228, 1", "F08F8080, 1",
			"F4908080, 1", "F5808080, 1", "61FF, 2" })
	void invalidCharacterThrowsNamingItsFirstByte(String hex, int position) throws IOException {
		byte[] bytes = HexFormat.of().parseHex(hex);
		if (position == 0) {
			assertThat(read(bytes)).isNotNull();
			return;
		}
		assertThatExceptionOfType(CharConversionException.class).isThrownBy(() -> read(bytes))
			.withMessageContaining("(byte " + position + " is ");
	}

	private static String read(byte[] bytes) throws IOException {
		try (InputStream json = new Utf8CheckingStream(new ByteArrayInputStream(bytes))) {
			return new String(json.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
