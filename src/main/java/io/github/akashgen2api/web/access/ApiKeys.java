package io.github.akashgen2api.web.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The keys that callers may hold.
 *
 * @param digests the keys' SHA-256; the keys themselves are not kept
 * @param shortOnes how many of them have fewer than {@value #LONG_ENOUGH} characters
 */
record ApiKeys(List<byte[]> digests, int shortOnes) {

	static final int LONG_ENOUGH = 16;

	/** What a header can carry after the word Bearer, and a list can hold. */
	private static final Pattern KEY = Pattern.compile("[!-+\\--~]+");

	ApiKeys {
		digests = List.copyOf(digests);
	}

	/**
	 * Read keys as an operator writes them.
	 * @param text the keys, separated by commas; blank means that there are none
	 * @return the keys, or {@code null} where there are none
	 * @throws IllegalArgumentException if one of them cannot be sent in a header
	 */
	public static @Nullable ApiKeys valueOf(String text) {
		if (text.isBlank()) {
			return null;
		}
		List<String> keys = Arrays.stream(text.split(",")).map(String::strip).filter((key) -> !key.isEmpty()).toList();
		if (keys.isEmpty()) {
			throw new IllegalArgumentException("must hold a key, or several with commas between them");
		}
		if (!keys.stream().allMatch((key) -> KEY.matcher(key).matches())) {
			throw new IllegalArgumentException("must hold keys of visible ASCII characters, without spaces");
		}
		int shortOnes = Math.toIntExact(keys.stream().filter((key) -> key.length() < LONG_ENOUGH).count());
		return new ApiKeys(keys.stream().map(ApiKeys::digest).toList(), shortOnes);
	}

	/**
	 * Make a key that nobody can guess: 128 random bits, in hex.
	 */
	static String random() {
		byte[] bytes = new byte[16];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Whether a key is one of these. Takes the same time whichever it is, or is not.
	 */
	boolean contain(String key) {
		byte[] digest = digest(key);
		boolean found = false;
		for (byte[] known : this.digests) {
			found |= MessageDigest.isEqual(known, digest);
		}
		return found;
	}

	static byte[] digest(String key) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	@Override
	public String toString() {
		return "ApiKeys[" + this.digests.size() + " secret]";
	}

}
