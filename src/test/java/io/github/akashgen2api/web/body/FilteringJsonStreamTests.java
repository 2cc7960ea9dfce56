package io.github.akashgen2api.web.body;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FilteringJsonStream}.
 */
class FilteringJsonStreamTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[]", "null", "5", "\"a\"", "{\"a\":1}",
			" { \"a\" : [ 1 , \"b\\\"\" ] , \"b\" : { } } ", "{\"a\":{\"x\":[{\"x\":true}],\"y\":\"狐\"}}",
			"{\"\\u0061\":1}", "{\"a\":[\"b\",\"c\"]}", "{\"a\":[[],[{}]]}", "{\"a\":1,}", "{\"a\":1,,\"b\":2}", "{,}",
			"{\"a\"}", "{\"a\" 1}", "{\"a\":}", "[1,2", "}{", "{a:1}", "{\"a\":1}}", "{\n\t\"a\": 1,\n\t\"b\": 2\n}" })
	void knownFieldsAreKept(String json) throws IOException {
		assertThat(filtered(json)).isEqualTo(json);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			{"n":1}                            | {"":0}
			{"n":1,"a":2}                      | {"":0,"a":2}
			{"a":1,"n":2}                      | {"a":1,"":0}
			{"n":[1,{"a":[2]}],"a":2}          | {"":0,"a":2}
			{"n":1,"m":2}                      | {"":0}
			{"n":1,"m":2,"a":3,"o":4,"b":5}    | {"":0,"a":3,"b":5}
			{"n":"a\\\\\\"b,}","a":1}              | {"":0,"a":1}
			{"n":{"}]":"]}"},"a":1}            | {"":0,"a":1}
			{"n":-1.5e7,"a":1}                 | {"":0,"a":1}
			{"n":true,"m":null,"a":1}          | {"":0,"a":1}
			{"n":1,"n":2,"n":3}                | {"":0}
			{"\\u006e":1,"\\u0061":2}          | {"":0,"\\u0061":2}
			{"a":[{"n":1,"x":2},{"m":1}]}      | {"a":[{"":0,"x":2},{"":0}]}
			{"x":1,"a":{"a":1,"x":2}}          | {"":0,"a":{"":0,"x":2}}
			{"n":{},"a":1}                     | {"":0,"a":1}
			{"n":NaN,"a":1}                    | {"":0,"a":1}
			{"":1,"a":1}                       | {"":0,"a":1}
			""")
	void otherFieldsAreDropped(String json, String filtered) throws IOException {
		assertThat(filtered(json).replace(" ", "")).isEqualTo(filtered.strip());
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{\"n\":}", "{\"n\"}", "{\"n\" 1}", "{\"n\":,\"a\":1}", "{\"n\":1,\"m\":}", "{\"n\":1,\"m\"}",
					"{\"n\":1 \"a\":2}", "{\"n\":[1}", "{\"n\":\"1}", "{\"n\":1,\"a\":2", "{\"n\":1,,\"a\":2}" })
	void invalidJsonStaysInvalid(String json) throws IOException {
		assertThat(isJson(filtered(json))).isFalse();
	}

	@Test
	void droppedFieldsKeepLinesAndColumns() throws IOException {
		String json = "{\n \"name\": [1,\n\"b\"],\n \"a\": 1,\n \"other\": {},\n \"b\": 2 }";
		String filtered = filtered(json);
		assertThat(filtered).hasSameSizeAs(json);
		assertThat(filtered.indexOf("\"a\"")).isEqualTo(json.indexOf("\"a\""));
		assertThat(filtered.lines().count()).isEqualTo(json.lines().count());
	}

	@Test
	void longNamesAreDropped() throws IOException {
		for (int length : new int[] { 127, 255, 256, 257, 10_000 }) {
			String name = "\"" + "n".repeat(length) + "\"";
			String json = "{%s:{%s:1},\"a\":1,%s:2,\"b\":{%s:3}}".formatted(name, name, name, name);
			assertThat(filtered(json)).hasSameSizeAs(json);
			assertThat(filtered(json).replace(" ", "")).isEqualTo("{\"\":0,\"a\":1,\"b\":{\"\":0}}");
		}
	}

	@Test
	void manyDeepOrLargeFieldsAreDropped() throws IOException {
		InputStream many = new SequenceInputStream(Collections.enumeration(IntStream.range(0, 400_000)
			.mapToObj((i) -> stream("%s\"f%d\":%s".formatted((i == 0) ? "{" : ",", i, (i % 2 == 0) ? "[[1],{}]" : i)))
			.toList()));
		assertThat(compact(many)).isEqualTo("{\"\":0");
		String deep = "{\"n\":" + "[{\"a\":".repeat(200_000) + "1" + "}]".repeat(200_000) + ",\"a\":1}";
		assertThat(compact(stream(deep))).isEqualTo("{\"\":0,\"a\":1}");
		String large = "{\"n\":" + "7".repeat(1_000_000) + ",\"m\":\"" + "x".repeat(1_000_000) + "\",\"a\":1}";
		assertThat(compact(stream(large))).isEqualTo("{\"\":0,\"a\":1}");
	}

	@Test
	void resultDoesNotDependOnTheSizeOfReads() throws IOException {
		String json = "{\"a\":["
				+ "{\"name\":[1,\"\\\"]\",{}],\"x\":\"\\\\\",\"\\u0079\":2,\"other\":null},".repeat(1000) + "1]}";
		Random random = new Random(7);
		InputStream pieces = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)) {
			@Override
			public synchronized int read(byte[] bytes, int offset, int count) {
				return super.read(bytes, offset, Math.min(count, 1 + random.nextInt(7)));
			}
		};
		assertThat(read(pieces)).isEqualTo(filtered(json));
		assertThat(isJson(filtered(json))).isTrue();
	}

	private static boolean isJson(String text) {
		try {
			new JsonMapper().readTree(text);
			return true;
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	private static String filtered(String json) throws IOException {
		return read(stream(json));
	}

	private static String compact(InputStream json) throws IOException {
		return read(json).replace(" ", "");
	}

	private static InputStream stream(String json) {
		return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
	}

	private static String read(InputStream json) throws IOException {
		KnownFields fields = Objects.requireNonNull(Request.class.getAnnotation(KnownFields.class));
		try (InputStream filtered = new FilteringJsonStream(json, fields)) {
			return new String(filtered.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@KnownFields(value = { "a", "b" }, nested = { "x", "y" })
	private static final class Request {

	}

}
