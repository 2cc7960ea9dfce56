package io.github.akashgen2api.web.body;

import java.security.MessageDigest;
import java.util.HexFormat;

import io.github.akashgen2api.web.Sha256;

/**
 * The SHA-256 of bytes that arrive in base64, character by character.
 */
final class Base64Digest {

	private final MessageDigest digest = Sha256.newDigest();

	private final byte[] decoded = new byte[4096];

	private int length;

	private long characters;

	/** The last characters, of which the lowest {@link #bitCount} bits are left. */
	private int bits;

	private int bitCount;

	/**
	 * Add the next character.
	 * @param character one of the base64 alphabet, or the padding
	 */
	void add(int character) {
		this.characters++;
		if (character == '=') {
			return;
		}
		this.bits = this.bits << 6 | value(character);
		this.bitCount += 6;
		if (this.bitCount >= 8) {
			this.bitCount -= 8;
			this.decoded[this.length++] = (byte) (this.bits >>> this.bitCount);
			if (this.length == this.decoded.length) {
				flush();
			}
		}
	}

	private static int value(int character) {
		if (character >= 'a') {
			return character - 'a' + 26;
		}
		if (character >= 'A') {
			return character - 'A';
		}
		return switch (character) {
			case '+' -> 62;
			case '/' -> 63;
			default -> character - '0' + 52;
		};
	}

	private void flush() {
		this.digest.update(this.decoded, 0, this.length);
		this.length = 0;
	}

	/** How many characters there were since the last digest. */
	long characters() {
		return this.characters;
	}

	/**
	 * The digest of the bytes so far, in hex digits. The next character begins another
	 * one.
	 */
	String finish() {
		flush();
		this.characters = 0;
		this.bitCount = 0;
		return HexFormat.of().formatHex(this.digest.digest());
	}

}
