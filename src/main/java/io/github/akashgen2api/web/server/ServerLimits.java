package io.github.akashgen2api.web.server;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * Limits derived from the memory of this process.
 *
 * @param connections how many connections may be open at once
 * @param blocked how many of them may block a thread that waits for the client
 * @param headerBytes the heap for the large headers of all connections
 */
record ServerLimits(int connections, int blocked, int headerBytes) {

	/** Heap for everything except connections, such as clients that wait. */
	private static final long RESERVED_BYTES = 60 * 1024 * 1024;

	/**
	 * Heap of a connection with an incomplete header. Measured with 2,000 connections: 4
	 * KB with a short header, 9 KB with one of {@link HeaderBudget#FREE_BYTES}.
	 */
	private static final int BYTES_PER_CONNECTION = 11 * 1024;

	/**
	 * Four times the heap of a connection whose client sends its body slowly, 39 KB
	 * measured with 2,000. The reserve lets other bodies be read while slow connections
	 * are closed.
	 */
	private static final int BYTES_PER_BLOCKED = 156 * 1024;

	/** Files and connections to AkashGen need descriptors too. */
	private static final int OTHER_DESCRIPTORS = 256;

	/** Large headers get a tenth of the heap. */
	private static final int HEADERS = 10;

	/**
	 * Derive the limits from the heap and the limit of open files.
	 */
	static ServerLimits ofThisProcess() {
		long heap = Runtime.getRuntime().maxMemory();
		long free = heap - RESERVED_BYTES;
		long connections = Math.min(free / BYTES_PER_CONNECTION, descriptors() - OTHER_DESCRIPTORS);
		return new ServerLimits(Math.clamp(connections, 100, Integer.MAX_VALUE),
				Math.clamp(free / BYTES_PER_BLOCKED, 50, Integer.MAX_VALUE),
				Math.clamp(heap / HEADERS, 0, Integer.MAX_VALUE));
	}

	private static long descriptors() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
				? system.getMaxFileDescriptorCount() : Integer.MAX_VALUE;
	}

}
