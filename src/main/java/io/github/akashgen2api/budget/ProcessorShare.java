package io.github.akashgen2api.budget;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The processors that work on large bodies, of clients and of AkashGen together: half of
 * them, at least one. A virtual thread gives its processor away only when it waits. It
 * does not wait for bytes that have arrived already or are decompressed, so a few large
 * bodies would keep all other requests from being served.
 */
@Component
public final class ProcessorShare {

	/** What is read of each body without waiting for a turn. */
	private static final int FREE = 64 * 1024;

	private final Semaphore processors;

	/** Take half of the processors of this machine. */
	@Autowired
	public ProcessorShare() {
		this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
	}

	ProcessorShare(int processors) {
		this.processors = new Semaphore(processors, true);
	}

	/**
	 * Read a body in turn with others.
	 * @return a stream whose reader holds a processor of this share between two reads,
	 * and gives it back while it waits for more, at the end, and when it is closed
	 */
	public InputStream inTurn(InputStream body) {
		return new InTurn(body);
	}

	private final class InTurn extends FilterInputStream {

		private long length;

		/** Since the last pause. */
		private int worked;

		private boolean hasProcessor;

		InTurn(InputStream body) {
			super(body);
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
		 * Let others run. {@code Thread.yield()} did not: beside two large bodies, a
		 * request waited for five seconds (JDK 25.0.3, November 2026).
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
