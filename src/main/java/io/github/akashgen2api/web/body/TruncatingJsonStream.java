package io.github.akashgen2api.web.body;

import java.io.InputStream;

/**
 * JSON without what would fill the memory and nobody reads: strings lose the base64 of
 * data URLs, and whatever exceeds {@value #MAX_TEXT} characters by more than one. A JSON
 * parser holds a string as a whole, and chat apps send back pictures of megabytes inside
 * of messages.
 */
public final class TruncatingJsonStream extends RewrittenJsonStream {

	/**
	 * What is read of a string at most, but for one more that tells that it was longer.
	 * AkashGen takes 12,000 tokens, far less.
	 */
	public static final int MAX_TEXT = 200_000;

	/** The reason why a longer one is refused. */
	public static final String TOO_LONG = "is longer than 200,000 characters";

	private static final String SCHEME = "data:";

	private static final String MARK = ";base64,";

	private boolean isInString;

	/** One byte of a character, or an escape as far as it came. */
	private final byte[] character = new byte[6];

	private int characterLength;

	/** The characters of a string so far, or of what stands between two signs. */
	private int length;

	/** How much of {@link #SCHEME} was just read. */
	private int scheme;

	/** After the scheme, how much of {@link #MARK} was just read. */
	private int mark;

	private boolean isInBase64;

	TruncatingJsonStream(InputStream json) {
		// An escape.
		super(json, 6);
	}

	@Override
	void take(byte next) {
		boolean isFirst = this.characterLength == 0;
		if (isFirst && ((this.isInBase64 && isBase64(next)) || isBeyondCut(next))) {
			return;
		}
		if (isFirst && isSign(next)) {
			this.isInString ^= (next == '"');
			this.isInBase64 = false;
			this.length = 0;
			this.scheme = 0;
			this.mark = 0;
			emit(next);
			return;
		}
		this.character[this.characterLength++] = next;
		if (isCharacterWhole()) {
			passOn(decoded());
			this.characterLength = 0;
		}
	}

	/** Only to be quick; what is passed on is decided elsewhere. */
	private boolean isBeyondCut(byte next) {
		return this.isInString && this.length > MAX_TEXT + 1 && next != '"' && next != '\\';
	}

	private boolean isSign(byte next) {
		return next == '"' || (!this.isInString && "{}[]:,".indexOf(next) >= 0);
	}

	private boolean isCharacterWhole() {
		if (!this.isInString || this.character[0] != '\\') {
			return true;
		}
		return (this.characterLength > 1 && this.character[1] != 'u') || this.characterLength == this.character.length;
	}

	/**
	 * What an escape stands for, as far as it can matter here: those of a letter stand
	 * for spaces of all kinds.
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

	private void passOn(int decoded) {
		if (this.isInBase64 && isBase64(decoded)) {
			return;
		}
		this.isInBase64 = false;
		// Of UTF-8's bytes, these are not the first of a character.
		boolean goesOn = (this.character[0] & 0xC0) == 0x80;
		this.length += goesOn ? 0 : 1;
		if (this.length <= MAX_TEXT + 1) {
			emit(this.character, this.characterLength);
		}
		lookForBase64(decoded);
	}

	private void lookForBase64(int next) {
		if (this.scheme < SCHEME.length()) {
			this.scheme = follow(SCHEME, this.scheme, next);
			return;
		}
		this.mark = follow(MARK, this.mark, next);
		if (this.mark == MARK.length()) {
			this.isInBase64 = true;
		}
		if (this.isInBase64 || next == ',' || (next >= 0 && next <= ' ')) {
			this.scheme = 0;
			this.mark = 0;
		}
	}

	private static int follow(String word, int found, int next) {
		if (next == word.charAt(found)) {
			return found + 1;
		}
		return (next == word.charAt(0)) ? 1 : 0;
	}

	private static boolean isBase64(int character) {
		return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z')
				|| (character >= '0' && character <= '9') || character == '+' || character == '/' || character == '=';
	}

}
