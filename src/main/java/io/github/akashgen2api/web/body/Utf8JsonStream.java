package io.github.akashgen2api.web.body;

import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * JSON that fails at the first byte which is not UTF-8 (RFC 8259 section 8.1), naming it:
 * a parser only tells a place that nobody can see in an editor.
 */
final class Utf8JsonStream extends FilterInputStream {

	private long position;

	/** Where the character begins, counted from 1, and its first byte. */
	private long start;

	private int first;

	/** How many of its bytes are still to come. */
	private int missing;

	/** What the next of them may be; after it, all are from 0x80 to 0xBF. */
	private int min = 0x80;

	private int max = 0xBF;

	Utf8JsonStream(InputStream json) {
		super(json);
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
	}

	@Override
	public int read(byte[] bytes, int offset, int count) throws IOException {
		int read = super.read(bytes, offset, count);
		for (int i = offset; i < offset + read; i++) {
			this.position++;
			if (bytes[i] <= 0 || this.missing > 0) {
				check(Byte.toUnsignedInt(bytes[i]));
			}
		}
		return read;
	}

	private void check(int next) throws CharConversionException {
		if (this.missing > 0) {
			if (next < this.min || next > this.max) {
				throw notUtf8();
			}
			this.missing--;
			this.min = 0x80;
			this.max = 0xBF;
			return;
		}
		this.start = this.position;
		this.first = next;
		if (next == 0 || (next >= 0x80 && next < 0xC2) || next > 0xF4) {
			throw notUtf8();
		}
		if (next >= 0xC2) {
			this.missing = (next < 0xE0) ? 1 : (next < 0xF0) ? 2 : 3;
			this.min = (next == 0xE0) ? 0xA0 : (next == 0xF0) ? 0x90 : 0x80;
			this.max = (next == 0xED) ? 0x9F : (next == 0xF4) ? 0x8F : 0xBF;
		}
	}

	private CharConversionException notUtf8() {
		String hint = (this.start <= 4 && (this.first == 0 || this.first >= 0xFE)) ? ", it looks like UTF-16" : "";
		return new CharConversionException("The request body is not UTF-8 (byte %d is 0x%02X%s); encode it as UTF-8"
			.formatted(this.start, this.first, hint));
	}

}
