package io.github.akashgen2api.akash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) value by value as it arrives, and holds none of it but what it is
 * asked for. Jackson holds a string as a whole, while one of AkashGen's may be an image
 * of megabytes.
 */
final class JsonScanner {

	/** What is read beside images, in bytes. */
	static final int MAX_TEXT = 1024 * 1024;

	/**
	 * Images in base64, in characters; all that one answer holds, wherever they stand.
	 */
	static final int MAX_BASE64 = 24 * 1024 * 1024;

	/** What is kept of one string or number, in bytes. */
	static final int MAX_VALUE = 2000;

	private static final int MAX_DEPTH = 100;

	private static final int END = -1;

	private static final Pattern DATA_URL = Pattern.compile("data:image/[a-z0-9.+-]+;base64,");

	private static final Pattern WORD = Pattern.compile("true|false|null|-?[0-9][0-9.eE+-]*");

	private static final int MAX_DATA_URL_HEADER = 100;

	private final InputStream stream;

	private final byte[] buffer = new byte[16 * 1024];

	private int position;

	private int limit;

	private int text;

	private int base64;

	/** The first bytes of the answer and of the current row, without images. */
	private final Start start = new Start(UpstreamResponse.EXCERPT_BYTES);

	private final Start rowStart = new Start(256);

	JsonScanner(InputStream stream) {
		this.stream = stream;
	}

	/** The first bytes of all, read or about to be, for the log. */
	byte[] start() {
		byte[] read = this.start.bytes();
		int more = Math.min(UpstreamResponse.EXCERPT_BYTES - read.length, this.limit - this.position);
		byte[] start = Arrays.copyOf(read, read.length + more);
		System.arraycopy(this.buffer, this.position, start, read.length, more);
		return start;
	}

	/** The first bytes since the last call of {@link #beginRow()}, for the log. */
	byte[] rowStart() {
		return this.rowStart.bytes();
	}

	void beginRow() {
		this.rowStart.clear();
	}

	/**
	 * The first byte of the next value or sign, not taken; -1 at the end.
	 */
	int peek() throws IOException {
		int next = look();
		while (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
			take();
			next = look();
		}
		return next;
	}

	/**
	 * Take a sign if it comes next.
	 */
	boolean takeIf(char sign) throws IOException {
		if (peek() != sign) {
			return false;
		}
		take();
		return true;
	}

	void expect(char sign) throws IOException {
		if (!takeIf(sign)) {
			throw malformed();
		}
	}

	/**
	 * The next value as text: a string, or the characters of a number; empty for all
	 * else, which is skipped.
	 */
	String scalar() throws IOException {
		return scalar(null);
	}

	/**
	 * The next value as text, as above.
	 * @param image takes an image; {@code null}: it is skipped
	 */
	String scalar(@Nullable Base64Target image) throws IOException {
		return switch (peek()) {
			case '"' -> string(image);
			case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> word();
			default -> {
				skip();
				yield "";
			}
		};
	}

	/** Skip the next value. */
	void skip() throws IOException {
		skip(0);
	}

	private void skip(int depth) throws IOException {
		if (depth > MAX_DEPTH) {
			throw malformed();
		}
		switch (peek()) {
			case '{' -> skipAll('{', '}', depth);
			case '[' -> skipAll('[', ']', depth);
			case '"' -> string(null);
			default -> word();
		}
	}

	private void skipAll(char open, char close, int depth) throws IOException {
		expect(open);
		if (takeIf(close)) {
			return;
		}
		do {
			if (open == '{') {
				name();
			}
			skip(depth + 1);
		}
		while (takeIf(','));
		expect(close);
	}

	/** The name of an object's member, and the colon after it. */
	String name() throws IOException {
		String name = string(null);
		expect(':');
		return name;
	}

	/** A number, or one of JSON's words. */
	private String word() throws IOException {
		StringBuilder word = new StringBuilder();
		for (int next = look(); isOfWord(next); next = look()) {
			if (word.length() < MAX_VALUE) {
				word.append((char) next);
			}
			take();
		}
		if (!WORD.matcher(word).matches()) {
			throw malformed();
		}
		return word.toString();
	}

	private static boolean isOfWord(int next) {
		return (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9') || next == '-' || next == '+' || next == '.'
				|| next == 'E';
	}

	/**
	 * The next string, the first {@value #MAX_VALUE} bytes of it at most. Where it is an
	 * image in a data URL, its bytes are decoded and what is returned ends before them.
	 * @param image takes an image; {@code null}: it is skipped
	 */
	String string(@Nullable Base64Target image) throws IOException {
		expectQuote();
		ByteArrayOutputStream value = new ByteArrayOutputStream();
		char highSurrogate = 0;
		while (true) {
			int next = taken();
			if (next == '"') {
				return value.toString(StandardCharsets.UTF_8);
			}
			if (next == '\\') {
				int escaped = taken();
				if (escaped != 'u') {
					add(value, unescaped(escaped));
					continue;
				}
				char unit = codeUnit();
				if (Character.isHighSurrogate(unit)) {
					highSurrogate = unit;
					continue;
				}
				String character = Character.isLowSurrogate(unit) ? new String(new char[] { highSurrogate, unit })
						: String.valueOf(unit);
				for (byte one : character.getBytes(StandardCharsets.UTF_8)) {
					add(value, one);
				}
			}
			else {
				add(value, next);
				if (next == ',' && isDataUrl(value)) {
					decode(image);
					return value.toString(StandardCharsets.UTF_8);
				}
			}
		}
	}

	private void expectQuote() throws IOException {
		if (peek() != '"') {
			throw malformed();
		}
		take();
	}

	private static void add(ByteArrayOutputStream value, int one) {
		if (value.size() < MAX_VALUE) {
			value.write(one);
		}
	}

	private static boolean isDataUrl(ByteArrayOutputStream value) {
		return value.size() <= MAX_DATA_URL_HEADER && isDataUrl(value.toString(StandardCharsets.UTF_8));
	}

	/**
	 * Whether a string is the beginning of a data URL, which {@link #string} ends with.
	 */
	static boolean isDataUrl(String value) {
		return DATA_URL.matcher(value).matches();
	}

	private static int unescaped(int escaped) throws IOException {
		return switch (escaped) {
			case '"', '\\', '/' -> escaped;
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			default -> throw malformed();
		};
	}

	private char codeUnit() throws IOException {
		int unit = 0;
		for (int i = 0; i < 4; i++) {
			int digit = Character.digit(taken(), 16);
			if (digit < 0) {
				throw malformed();
			}
			unit = (unit << 4) + digit;
		}
		return (char) unit;
	}

	/**
	 * Hand over the rest of a string.
	 */
	private void decode(@Nullable Base64Target target) throws IOException {
		byte[] piece = new byte[8 * 1024];
		int length = 0;
		while (true) {
			int run = run(piece.length - length);
			System.arraycopy(this.buffer, this.position, piece, length, run);
			this.position += run;
			length += run;
			countBase64(run);
			boolean isLast = length < piece.length && look() == '"';
			if (target != null && length > 0 && (isLast || length == piece.length)) {
				target.accept(piece, length);
			}
			if (isLast) {
				take();
				return;
			}
			if (length == piece.length) {
				length = 0;
			}
			else if (look() == '\\') {
				// JSON may write the slash of base64 as \/.
				take();
				countBase64(1);
				piece[length++] = (byte) unescaped(taken());
			}
		}
	}

	private void countBase64(int count) throws IOException {
		this.base64 += count;
		if (this.base64 > MAX_BASE64) {
			throw new TooLargeException();
		}
	}

	/** How many bytes stand in the buffer before the next quote or escape. */
	private int run(int max) throws IOException {
		if (look() == END) {
			throw malformed();
		}
		int end = Math.min(this.limit, this.position + max);
		int i = this.position;
		while (i < end && this.buffer[i] != '"' && this.buffer[i] != '\\') {
			i++;
		}
		return i - this.position;
	}

	private int taken() throws IOException {
		int next = look();
		if (next == END) {
			throw malformed();
		}
		take();
		return next;
	}

	private int look() throws IOException {
		if (this.position == this.limit) {
			this.position = 0;
			this.limit = 0;
			int read = this.stream.read(this.buffer);
			if (read < 0) {
				return END;
			}
			this.limit = read;
		}
		return (this.position < this.limit) ? this.buffer[this.position] & 0xFF : look();
	}

	private void take() throws IOException {
		byte next = this.buffer[this.position++];
		this.start.add(next);
		this.rowStart.add(next);
		if (++this.text > MAX_TEXT) {
			throw new TooLargeException();
		}
	}

	private static MalformedException malformed() {
		return new MalformedException();
	}

	/** Takes an image in base64, piece by piece. */
	interface Base64Target {

		/**
		 * Take a piece: four characters for each three bytes, but for the last piece.
		 * @param length how many characters; at least one
		 */
		void accept(byte[] base64, int length);

	}

	/** The first bytes of something. */
	private static final class Start {

		private final byte[] bytes;

		private int length;

		Start(int size) {
			this.bytes = new byte[size];
		}

		void add(byte next) {
			if (this.length < this.bytes.length) {
				this.bytes[this.length++] = next;
			}
		}

		void clear() {
			this.length = 0;
		}

		byte[] bytes() {
			return Arrays.copyOf(this.bytes, this.length);
		}

	}

	/** It is no JSON, or ends in the middle of it. */
	static final class MalformedException extends IOException {

	}

	/** There is more than is read. */
	static final class TooLargeException extends IOException {

	}

}
