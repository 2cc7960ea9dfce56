package io.github.akashgen2api.web.server;

import java.util.concurrent.Semaphore;

/**
 * Bounds the heap that the headers of all requests take together, those that are still
 * being read and those of clients that wait.
 */
final class HeaderBudget {

	/** Heap that each connection's header may take without asking. */
	static final int FREE_BYTES = 4 * 1024;

	private static final int BYTES_PER_PERMIT = 1024;

	private final Semaphore permits;

	/**
	 * Create a budget.
	 * @param bytes what the headers beyond {@link #FREE_BYTES} may take together
	 */
	HeaderBudget(int bytes) {
		this.permits = new Semaphore(bytes / BYTES_PER_PERMIT);
	}

	Share share() {
		return new Share();
	}

	/**
	 * What one connection takes.
	 */
	final class Share {

		private int taken;

		private boolean closed;

		/**
		 * Take as much as a header of this size needs.
		 * @param bytes the heap of the header so far
		 * @return whether there was enough left
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

		/** The request has been answered. */
		synchronized void release() {
			HeaderBudget.this.permits.release(this.taken);
			this.taken = 0;
		}

		/** The connection is closed: nothing more may be taken. */
		synchronized void close() {
			this.closed = true;
			release();
		}

	}

}
