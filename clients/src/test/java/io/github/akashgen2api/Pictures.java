package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a user is to see of a picture.
 */
final class Pictures {

	private static final Pattern MESSAGE = Pattern
		.compile("!\\[(?<alt>[^\\]\\n]*)]\\((?<url>[^)\\s]+)\\)\n\n(?<caption>[^\\n]+)");

	private Pictures() {
	}

	/** Assert that a message is a picture in Markdown, which is there, and its prompt. */
	static void assertShown(String message, String prompt) {
		Matcher matcher = MESSAGE.matcher(message);
		assertThat(matcher.matches()).as(message).isTrue();
		assertThat(matcher.group("caption")).isEqualTo(prompt);
		assertServed(matcher.group("url"));
	}

	/** Assert that a link leads to a picture, for a browser that has no key. */
	static void assertServed(String url) {
		HttpResponse<byte[]> response = PackagedService.fetch(url);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains("image/webp");
		assertWebp(response.body());
	}

	static void assertWebp(byte[] picture) {
		assertThat(new String(Arrays.copyOf(picture, 12), StandardCharsets.ISO_8859_1)).startsWith("RIFF")
			.endsWith("WEBP");
	}

	static void assertPng(byte[] picture) {
		assertThat(picture).startsWith(0x89, 'P', 'N', 'G');
	}

}
