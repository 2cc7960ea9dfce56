package io.github.akashgen2api.web.server;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * What fits into this process.
 *
 * @param connections how many connections may be open at once
 * @param blocked how many of them may keep a thread waiting for bytes that are due
 * @param headerBytes how much heap the large headers of all connections may take
 */
record Capacity(int connections, int blocked, int headerBytes) {

	/** Heap for everything that is not a connection, as for the callers that wait. */
	private static final long BYTES_BEFORE = 60 * 1024 * 1024;

	/**
	 * Heap of a connection whose client has sent half of a header: 4 KB with a short one,
	 * 9 KB with {@link HeaderBudget#FREE_BYTES} of it, measured with 2,000.
	 */
	private static final int BYTES_PER_CONNECTION = 11 * 1024;

	/**
	 * Heap of a connection whose client sends its body slowly: 39 KB, measured with
	 * 2,000. Three times as much again, so that bodies are still read while slow ones are
	 * closed.
	 */
	private static final int BYTES_PER_BLOCKED = 156 * 1024;

	/** Files and connections to AkashGen need descriptors too. */
	private static final int OTHER_DESCRIPTORS = 256;

	/** The part of the heap that large headers may take. */
	private static final int HEADERS = 10;

	/**
	 * Derive the bounds from the heap, and from how many files may be open.
	 */
	static Capacity ofThisProcess() {
		long heap = Runtime.getRuntime().maxMemory();
		long free = heap - BYTES_BEFORE;
		long connections = Math.min(free / BYTES_PER_CONNECTION, descriptors() - OTHER_DESCRIPTORS);
		return new Capacity(Math.clamp(connections, 100, Integer.MAX_VALUE),
				Math.clamp(free / BYTES_PER_BLOCKED, 50, Integer.MAX_VALUE),
				Math.clamp(heap / HEADERS, 0, Integer.MAX_VALUE));
	}

	private static long descriptors() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
				? system.getMaxFileDescriptorCount() : Integer.MAX_VALUE;
	}

}
