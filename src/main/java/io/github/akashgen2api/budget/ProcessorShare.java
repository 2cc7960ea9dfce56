package io.github.akashgen2api.budget;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * The part of the processors that works on large texts: half of them, one at least. A
 * virtual thread gives its processor away only where it waits, and a text that has
 * arrived already, or is decompressed, is never waited for: a few of them would keep
 * everybody else from being served.
 */
public final class ProcessorShare {

	/** What is read of each text without waiting for a turn. */
	private static final int FREE = 64 * 1024;

	private final Semaphore processors;

	/** Share half of the processors of this machine. */
	public ProcessorShare() {
		this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
	}

	ProcessorShare(int processors) {
		this.processors = new Semaphore(processors, true);
	}

	/**
	 * Have a text worked on in turn with others.
	 * @return a stream whose reader has a processor of this share between two reads, and
	 * has none while it waits for more. It has to be closed
	 */
	public InputStream inTurn(InputStream text) {
		return new InTurn(text);
	}

	private final class InTurn extends FilterInputStream {

		private long length;

		/** Since the last pause. */
		private int worked;

		private boolean hasProcessor;

		InTurn(InputStream text) {
			super(text);
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			release();
			pause();
			int read = super.read(bytes, offset, length);
			this.length += read;
			if (read > 0 && this.length > FREE) {
				ProcessorShare.this.processors.acquireUninterruptibly();
				this.hasProcessor = true;
				this.worked += read;
			}
			return read;
		}

		/**
		 * Where there is one processor, or where all of the share wake each other up, the
		 * others are let in only by what wakes up from outside (JDK 25.0.3).
		 */
		private void pause() {
			if (this.worked >= FREE) {
				this.worked = 0;
				LockSupport.parkNanos(1);
			}
		}

		private void release() {
			if (this.hasProcessor) {
				this.hasProcessor = false;
				ProcessorShare.this.processors.release();
			}
		}

		@Override
		public void close() throws IOException {
			release();
			super.close();
		}

	}

}
