package io.github.akashgen2api.budget;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Limits the processors that work on large bodies, from clients and from AkashGen
 * together, to half of the processors, at least one.
 * <p>
 * A virtual thread yields its processor only when it waits. It does not wait for bytes
 * that have arrived or are decompressed, so a few large bodies would block all other
 * requests.
 */
@Component
public final class ProcessorShare {

	/** The bytes of each body that are read without a permit. */
	private static final int FREE = 64 * 1024;

	private final Semaphore processors;

	/** Create a share of half of this machine's processors. */
	@Autowired
	public ProcessorShare() {
		this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
	}

	ProcessorShare(int processors) {
		this.processors = new Semaphore(processors, true);
	}

	/**
	 * Limit the reading of a body.
	 * @return a stream whose reader holds a permit between two reads, and releases it
	 * while it waits for more bytes, at the end, and when it closes the stream
	 */
	public InputStream inTurn(InputStream body) {
		return new InTurn(body);
	}

	private final class InTurn extends FilterInputStream {

		private long length;

		/** The bytes read since the last pause. */
		private int sincePause;

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
				this.sincePause += read;
			}
			return read;
		}

		/**
		 * Let other threads run. {@code Thread.yield()} does not suffice: a request
		 * waited for two large bodies for five seconds (JDK 25.0.3, November 2026).
		 */
		private void pause() {
			if (this.sincePause >= FREE) {
				this.sincePause = 0;
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
