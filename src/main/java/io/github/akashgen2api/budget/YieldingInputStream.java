package io.github.akashgen2api.budget;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Lets other threads run after each 64 KB. A virtual thread gives its processor away only
 * where it waits, and what has arrived already, or is decompressed, is never waited for:
 * a few large texts would keep everybody else from being served.
 */
public final class YieldingInputStream extends FilterInputStream {

	private static final int TURN = 64 * 1024;

	private int read;

	/**
	 * Share the processor while a stream is read.
	 */
	public YieldingInputStream(InputStream stream) {
		super(stream);
	}

	@Override
	public int read() throws IOException {
		int next = super.read();
		count(1);
		return next;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		int count = super.read(bytes, offset, length);
		count(count);
		return count;
	}

	/** Nothing is wrong without it, but slow. */
	@SuppressWarnings("ThreadPriorityCheck")
	private void count(int count) {
		this.read += count;
		if (this.read >= TURN) {
			this.read = 0;
			Thread.yield();
		}
	}

}
