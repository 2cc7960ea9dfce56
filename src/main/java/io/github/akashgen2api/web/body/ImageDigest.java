package io.github.akashgen2api.web.body;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text that stands for a sent image in a request with
 * {@linkplain KnownFields#images() images}: a data URL that has the image's SHA-256 in
 * hex digits where the base64 was.
 */
public final class ImageDigest {

	private static final Pattern URL = Pattern.compile("data:[^,]{0,200};base64,([0-9a-f]{64})");

	private ImageDigest() {
	}

	static String url(String sha256) {
		return "data:;base64," + sha256;
	}

	/**
	 * The SHA-256 of the image that a text stands for, in hex digits; empty if it does
	 * not stand for an image.
	 */
	public static Optional<String> sha256(String text) {
		Matcher url = URL.matcher(text);
		return url.matches() ? Optional.of(url.group(1)) : Optional.empty();
	}

}
