package io.github.akashgen2api.web.body;

import java.io.IOException;
import java.io.InputStream;

/**
 * JSON that is rewritten byte by byte as it is read.
 */
abstract class RewrittenJsonStream extends InputStream {

	private static final int BUFFER = 8192;

	private final InputStream json;

	private final byte[] input = new byte[BUFFER];

	private final byte[] output;

	private int start;

	private int end;

	/**
	 * Rewrite some JSON.
	 * @param kept how many bytes {@link #take} keeps at most before it emits them
	 */
	RewrittenJsonStream(InputStream json, int kept) {
		this.json = json;
		this.output = new byte[BUFFER + kept];
	}

	@Override
	public final int read() throws IOException {
		return fill() ? Byte.toUnsignedInt(this.output[this.start++]) : -1;
	}

	@Override
	public final int read(byte[] bytes, int offset, int count) throws IOException {
		if (!fill()) {
			return -1;
		}
		int read = Math.min(count, this.end - this.start);
		System.arraycopy(this.output, this.start, bytes, offset, read);
		this.start += read;
		return read;
	}

	private boolean fill() throws IOException {
		while (this.start == this.end) {
			int read = this.json.read(this.input);
			if (read < 0) {
				return false;
			}
			this.start = 0;
			this.end = 0;
			for (int i = 0; i < read; i++) {
				take(this.input[i]);
			}
		}
		return true;
	}

	/**
	 * Take the next byte, and emit what stands in place of it.
	 */
	abstract void take(byte next);

	final void emit(byte next) {
		this.output[this.end++] = next;
	}

	final void emit(byte[] bytes, int count) {
		System.arraycopy(bytes, 0, this.output, this.end, count);
		this.end += count;
	}

}
