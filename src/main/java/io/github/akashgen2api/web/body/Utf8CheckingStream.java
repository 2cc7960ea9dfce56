package io.github.akashgen2api.web.body;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Checks that JSON is UTF-8 (RFC 8259 section 8.1). The exception names the first wrong
 * byte; a parser would name a line and column that an editor does not show.
 */
final class Utf8CheckingStream extends BulkInputStream {

	private long position;

	/** The position of the character's first byte, from 1. */
	private long start;

	/** The character's first byte. */
	private int first;

	/** The number of the character's bytes that have not been read. */
	private int missing;

	/** The range of the next byte; all later ones are from 0x80 to 0xBF. */
	private int min = 0x80;

	private int max = 0xBF;

	Utf8CheckingStream(InputStream json) {
		super(json);
	}

	@Override
	public int read(byte[] bytes, int offset, int count) throws IOException {
		int read = this.source.read(bytes, offset, count);
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
