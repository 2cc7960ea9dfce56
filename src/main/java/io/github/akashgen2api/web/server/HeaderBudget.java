package io.github.akashgen2api.web.server;

import java.util.concurrent.Semaphore;

/**
 * Limits the heap for the headers of all requests, both those being read and those of
 * waiting clients.
 */
final class HeaderBudget {

	/** The heap of each connection's header that is not counted. */
	static final int FREE_BYTES = 4 * 1024;

	private static final int BYTES_PER_PERMIT = 1024;

	private final Semaphore permits;

	/**
	 * Create a budget.
	 * @param bytes the heap for all headers, each without its {@link #FREE_BYTES}
	 */
	HeaderBudget(int bytes) {
		this.permits = new Semaphore(bytes / BYTES_PER_PERMIT);
	}

	Share share() {
		return new Share();
	}

	/**
	 * The share of one connection.
	 */
	final class Share {

		private int taken;

		private boolean closed;

		/**
		 * Grow to the size of a header.
		 * @param bytes the heap of the header so far
		 * @return whether enough was left; if not, the share keeps its size
		 */
		synchronized boolean growTo(long bytes) {
			int missing = Math.toIntExact(Math.max(0, bytes - FREE_BYTES) / BYTES_PER_PERMIT) - this.taken;
			if (missing <= 0) {
				return true;
			}
			if (this.closed || !HeaderBudget.this.permits.tryAcquire(missing)) {
				return false;
			}
			this.taken += missing;
			return true;
		}

		/** Release everything, after the answer. */
		synchronized void release() {
			HeaderBudget.this.permits.release(this.taken);
			this.taken = 0;
		}

		/** Release everything; the share cannot grow any more. */
		synchronized void close() {
			this.closed = true;
			release();
		}

	}

}
