package io.github.akashgen2api.web.body;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TruncatingJsonStream}.
 */
class TruncatingJsonStreamTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[1,-2.5e7,true,null,{\"a\":[]}]", " { \"a\" : \"b\" } ", "\"a \\\" b\\\\\"",
			"\"\\u4e2d\\ud83e\\udd8a\\n\\t\\/\"", "\"狐狸 🦊 ä\"", "{\"data:\":\"base64,AAAA\"}",
			"\"data: ;base64,AAAA\"", "\"data:a,b;base64,AAAA\"", "\";base64,AAAA\"", "\"da\\ta:;base64,AAAA\"",
			"\"data:image/png;base64\",\"AAAA\"", "\"data:image/png,AAAA\"", "\"data:;base64;,AAAA\"", "\"\\x\"" })
	void shortStringsAreKept(String json) throws IOException {
		assertThat(lean(json)).isEqualTo(json);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					"data:image/png;base64,AAAA+/9=="                     | "data:image/png;base64,"
					"data:image\\/png;base64,AA\\/AA\\/="                 | "data:image\\/png;base64,"
					"data:image/png;base64,AA\\u002BAA\\u003d\\u003D"     | "data:image/png;base64,"
					"data:image/png;base64,AA\\u0022 AA"                  | "data:image/png;base64,\\u0022 AA"
					"data:image/png;base64,AA\\" AA"                      | "data:image/png;base64,\\" AA"
					"data:image/png;base64,AA\\nAA bb"                    | "data:image/png;base64,\\nAA bb"
					"data:image/png;base64,AA\\\\AA"                      | "data:image/png;base64,\\\\AA"
					"data:text/plain;charset=utf-8;base64,AAAA"           | "data:text/plain;charset=utf-8;base64,"
					"data:;;base64,AAAA"                                  | "data:;;base64,"
					"ddata:data:;base64,AAAA"                             | "ddata:data:;base64,"
					"![a](data:image/png;base64,AAAA)\\n\\nA fox. ![b](data:image/webp;base64,BBBB 'c') d" | "![a](data:image/png;base64,)\\n\\nA fox. ![b](data:image/webp;base64, 'c') d"
					["data:image/png;base64,AAAA","BBBB",{"url":"data:a;base64,CC","b":"DD"}] | ["data:image/png;base64,","BBBB",{"url":"data:a;base64,","b":"DD"}]
					"data:image/png;base64,AAAA狐狸"                       | "data:image/png;base64,狐狸"
					""")
	void base64OfDataUrlsIsDropped(String json, String lean) throws IOException {
		assertThat(lean(json)).isEqualTo(lean);
	}

	@ParameterizedTest
	@CsvSource({ "a,a", "狐,狐", "🦊,🦊", "\\n,'\n'", "\\u4e2d,中", "\\\\,\\", "\\\",\"" })
	void longStringIsTruncatedBetweenCharacters(String written, String meant) throws IOException {
		for (String before : new String[] { "", "x", "xy" }) {
			String json = "[\"" + before + written.repeat(TruncatingJsonStream.MAX_TEXT * 2) + "\",\"next\"]";
			String[] strings = new JsonMapper().readValue(lean(json), String[].class);
			assertThat(strings[0]).isEqualTo(before + meant.repeat(TruncatingJsonStream.MAX_TEXT + 1 - before.length()))
				.hasSizeGreaterThan(TruncatingJsonStream.MAX_TEXT);
			assertThat(strings[1]).isEqualTo("next");
		}
	}

	@Test
	void stringOfTheMaximumLengthIsKept() throws IOException {
		String json = "[\"" + "a".repeat(TruncatingJsonStream.MAX_TEXT) + "\",\""
				+ "\\u0020".repeat(TruncatingJsonStream.MAX_TEXT) + "\"]";
		assertThat(lean(json)).isEqualTo(json);
	}

	@Test
	void longNumberOrSpaceIsTruncated() throws IOException {
		assertThat(lean("[" + "7".repeat(1_000_000) + "," + " ".repeat(1_000_000) + "8]"))
			.hasSize(2 * TruncatingJsonStream.MAX_TEXT + 5);
	}

	@Test
	void resultDoesNotDependOnTheSizeOfReads() throws IOException {
		String json = "[\"![a](data:image\\/png;base64,AAAA\\/\\u002B) 狐狸 \\ud83e\\udd8a\",7]".repeat(1000);
		String whole = lean(json);
		Random random = new Random(7);
		InputStream pieces = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)) {
			@Override
			public synchronized int read(byte[] bytes, int offset, int count) {
				return super.read(bytes, offset, Math.min(count, 1 + random.nextInt(7)));
			}
		};
		StringBuilder read = new StringBuilder();
		try (InputStream lean = new TruncatingJsonStream(pieces, false)) {
			for (int next = lean.read(); next >= 0; next = lean.read()) {
				read.append((char) next);
			}
		}
		assertThat(new String(read.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
			.isEqualTo(whole)
			.startsWith("[\"![a](data:image\\/png;base64,) 狐狸 \\ud83e\\udd8a\",7][");
	}

	@Test
	void digestStandsForLongBase64() throws Exception {
		byte[] image = new byte[20_000];
		new Random(7).nextBytes(image);
		byte[] other = Arrays.copyOf(image, 48);
		String json = "[\"data:image\\/png;base64,%s\",\"a data:;base64,%s b\",\"data:;base64,AAAA\"]"
			.formatted(base64(image).replace("/", "\\/").replace("+", "\\u002b"), base64(other));
		assertThat(lean(json, true))
			.isEqualTo("[\"data:image\\/png;base64,%s\",\"a data:;base64,%s b\",\"data:;base64,\"]"
				.formatted(sha256(image), sha256(other)));
		for (int length = 48; length < 60; length++) {
			byte[] each = Arrays.copyOf(image, length);
			assertThat(lean("\"data:;base64," + base64(each) + '"', true))
				.isEqualTo("\"data:;base64," + sha256(each) + '"');
		}
	}

	@Test
	void digestsAreTruncatedToo() throws IOException {
		String url = "data:;base64," + "A".repeat(64) + ",";
		String text = lean('"' + url.repeat(10_000) + '"', true);
		assertThat(text.length()).isBetween(TruncatingJsonStream.MAX_TEXT, TruncatingJsonStream.MAX_TEXT + 3);
	}

	private static String base64(byte[] bytes) {
		return Base64.getEncoder().encodeToString(bytes);
	}

	private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
	}

	private static String lean(String json) throws IOException {
		return lean(json, false);
	}

	private static String lean(String json, boolean isDigested) throws IOException {
		try (InputStream lean = new TruncatingJsonStream(
				new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), isDigested)) {
			return new String(lean.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
