package io.github.akashgen2api.web.body;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * JSON whose strings are truncated: without the base64 of data URLs, and with at most
 * {@value #MAX_TEXT} characters and one more. A JSON parser holds a whole string in
 * memory, and chat apps send images of megabytes back in messages.
 */
public final class TruncatingJsonStream extends JsonRewritingStream {

	/**
	 * The maximum length of a text. A truncated string has one more character. AkashGen
	 * accepts 12,000 tokens, far less.
	 */
	public static final int MAX_TEXT = 200_000;

	/** The error message for a longer text. */
	public static final String TOO_LONG = "is longer than 200,000 characters";

	private static final int DIGEST_LENGTH = 64;

	private static final String SCHEME = "data:";

	private static final String MARK = ";base64,";

	private boolean isInString;

	/** One byte of a character, or the bytes of an escape that have been read. */
	private final byte[] character = new byte[6];

	private int characterLength;

	/** The number of characters since the last quotation mark or structural character. */
	private int length;

	/** How many characters of {@link #SCHEME} were just read. */
	private int scheme;

	/** How many characters of {@link #MARK} were just read, after the scheme. */
	private int mark;

	private boolean isInBase64;

	/** Of base64; {@code null} if it is dropped. */
	private final @Nullable Base64Digest digest;

	/**
	 * Create a stream.
	 * @param isDigested whether the SHA-256 in hex digits stands for base64 that is at
	 * least as long
	 */
	TruncatingJsonStream(InputStream json, boolean isDigested) {
		// The length of an escape, and that of a digest.
		super(json, 6 + DIGEST_LENGTH);
		this.digest = isDigested ? new Base64Digest() : null;
	}

	@Override
	void accept(byte next) {
		boolean isFirst = this.characterLength == 0;
		if (isFirst && this.isInBase64 && isBase64(next)) {
			skipBase64(next);
			return;
		}
		if (isFirst && isTruncated(next)) {
			return;
		}
		if (isFirst && isStructural(next)) {
			this.isInString ^= (next == '"');
			endBase64();
			this.length = 0;
			this.scheme = 0;
			this.mark = 0;
			emit(next);
			return;
		}
		this.character[this.characterLength++] = next;
		if (isCharacterComplete()) {
			emitCharacter(decoded());
			this.characterLength = 0;
		}
	}

	/** A shortcut for speed, as {@link #emitCharacter} would truncate too. */
	private boolean isTruncated(byte next) {
		return this.isInString && this.length > MAX_TEXT + 1 && next != '"' && next != '\\';
	}

	private boolean isStructural(byte next) {
		return next == '"' || (!this.isInString && "{}[]:,".indexOf(next) >= 0);
	}

	private boolean isCharacterComplete() {
		if (!this.isInString || this.character[0] != '\\') {
			return true;
		}
		return (this.characterLength > 1 && this.character[1] != 'u') || this.characterLength == this.character.length;
	}

	/**
	 * The decoded character or escape. An escape with a letter, such as {@code \n},
	 * counts as a space.
	 */
	private int decoded() {
		if (this.characterLength < this.character.length) {
			byte last = this.character[this.characterLength - 1];
			return (this.characterLength > 1 && last >= 'a' && last <= 'z') ? ' ' : last;
		}
		int value = 0;
		for (int i = 2; i < this.characterLength; i++) {
			value = (value << 4) + Character.digit(this.character[i], 16);
		}
		return value;
	}

	private void emitCharacter(int decoded) {
		if (this.isInBase64 && isBase64(decoded)) {
			skipBase64(decoded);
			return;
		}
		endBase64();
		boolean isContinuationByte = (this.character[0] & 0xC0) == 0x80;
		this.length += isContinuationByte ? 0 : 1;
		if (this.length <= MAX_TEXT + 1) {
			emit(this.character, this.characterLength);
		}
		detectBase64(decoded);
	}

	private void skipBase64(int character) {
		if (this.digest != null) {
			this.digest.add(character);
		}
	}

	private void endBase64() {
		if (this.isInBase64 && this.digest != null) {
			boolean isImage = this.digest.characters() >= DIGEST_LENGTH;
			String sha256 = this.digest.finish();
			if (isImage && this.length + DIGEST_LENGTH <= MAX_TEXT) {
				emit(sha256.getBytes(StandardCharsets.US_ASCII), DIGEST_LENGTH);
				this.length += DIGEST_LENGTH;
			}
		}
		this.isInBase64 = false;
	}

	private void detectBase64(int next) {
		if (this.scheme < SCHEME.length()) {
			this.scheme = matched(SCHEME, this.scheme, next);
			return;
		}
		this.mark = matched(MARK, this.mark, next);
		if (this.mark == MARK.length()) {
			this.isInBase64 = true;
		}
		if (this.isInBase64 || next == ',' || (next >= 0 && next <= ' ')) {
			this.scheme = 0;
			this.mark = 0;
		}
	}

	private static int matched(String literal, int before, int next) {
		if (next == literal.charAt(before)) {
			return before + 1;
		}
		return (next == literal.charAt(0)) ? 1 : 0;
	}

	private static boolean isBase64(int character) {
		return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z')
				|| (character >= '0' && character <= '9') || character == '+' || character == '/' || character == '=';
	}

}
