package io.github.akashgen2api.web.access;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

import io.github.akashgen2api.web.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The valid keys.
 *
 * @param digests the SHA-256 of each key; the keys themselves are not kept
 * @param shortKeys the number of keys with fewer than {@value #RECOMMENDED_LENGTH}
 * characters
 */
record ApiKeys(List<byte[]> digests, int shortKeys) {

	static final int RECOMMENDED_LENGTH = 16;

	/** Visible ASCII characters except the comma, which separates keys. */
	private static final Pattern KEY = Pattern.compile("[!-+\\--~]+");

	ApiKeys {
		digests = List.copyOf(digests);
	}

	/**
	 * Parse the setting.
	 * @param text the keys, separated by commas
	 * @return {@code null} if the text is blank
	 * @throws IllegalArgumentException if a key cannot be sent in a header, or if there
	 * are only commas
	 */
	public static @Nullable ApiKeys valueOf(String text) {
		if (text.isBlank()) {
			return null;
		}
		List<String> keys = Arrays.stream(text.split(",")).map(String::strip).filter((key) -> !key.isEmpty()).toList();
		if (keys.isEmpty()) {
			throw new IllegalArgumentException("must contain a key, or several separated by commas");
		}
		if (!keys.stream().allMatch((key) -> KEY.matcher(key).matches())) {
			throw new IllegalArgumentException("must contain only keys of visible ASCII characters, without spaces");
		}
		int shortKeys = Math.toIntExact(keys.stream().filter((key) -> key.length() < RECOMMENDED_LENGTH).count());
		return new ApiKeys(keys.stream().map(Sha256::of).toList(), shortKeys);
	}

	/**
	 * Generate a key: 128 random bits, as 32 hex digits.
	 */
	static String random() {
		byte[] bytes = new byte[16];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Whether a key is valid. Takes the same time for all keys.
	 */
	boolean contain(String key) {
		byte[] digest = Sha256.of(key);
		boolean found = false;
		for (byte[] known : this.digests) {
			found |= MessageDigest.isEqual(known, digest);
		}
		return found;
	}

	@Override
	public String toString() {
		return "ApiKeys[" + this.digests.size() + " secret]";
	}

}
