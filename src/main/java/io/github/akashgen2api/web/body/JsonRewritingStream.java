package io.github.akashgen2api.web.body;

import java.io.IOException;
import java.io.InputStream;

/**
 * JSON that is rewritten byte by byte as it is read.
 */
abstract class JsonRewritingStream extends BulkInputStream {

	private static final int BUFFER = 8192;

	private final byte[] input = new byte[BUFFER];

	private final byte[] output;

	private int start;

	private int end;

	/**
	 * Create a stream.
	 * @param maxHeld how many bytes {@link #accept} holds back at most
	 */
	JsonRewritingStream(InputStream json, int maxHeld) {
		super(json);
		this.output = new byte[BUFFER + maxHeld];
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
			int read = this.source.read(this.input);
			if (read < 0) {
				return false;
			}
			this.start = 0;
			this.end = 0;
			for (int i = 0; i < read; i++) {
				accept(this.input[i]);
			}
		}
		return true;
	}

	/**
	 * Accept the next byte of the source, and emit its replacement.
	 */
	abstract void accept(byte next);

	final void emit(int next) {
		this.output[this.end++] = (byte) next;
	}

	final void emit(byte[] bytes, int count) {
		System.arraycopy(bytes, 0, this.output, this.end, count);
		this.end += count;
	}

}
