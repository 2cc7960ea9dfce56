package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The body of an answer as it comes in.
 */
final class BoundedBody {

	private static final int MIN_ROOM = 8 * 1024;

	/** More is made when it is needed: the length that is told may be wrong. */
	private static final int MAX_FIRST_ROOM = 64 * 1024;

	private final int limit;

	private byte[] bytes;

	private int length;

	/**
	 * Make room for a body.
	 * @param told how long it is said to be; negative where that is not said
	 * @param limit what is taken of it at most
	 */
	BoundedBody(long told, int limit) {
		this.limit = limit;
		this.bytes = new byte[Math.clamp(told, MIN_ROOM, Math.min(limit, MAX_FIRST_ROOM))];
	}

	/**
	 * Read to the end.
	 * @return whether it came; {@code false} if there is more than the limit
	 * @throws IOException if it was cut; what came is kept
	 */
	boolean readFrom(InputStream stream) throws IOException {
		while (true) {
			if (this.length == this.bytes.length) {
				int one = stream.read();
				if (one < 0) {
					return true;
				}
				if (this.length == this.limit) {
					return false;
				}
				this.bytes = Arrays.copyOf(this.bytes, (int) Math.min(this.limit, 2L * this.length));
				this.bytes[this.length++] = (byte) one;
			}
			int count = stream.read(this.bytes, this.length, this.bytes.length - this.length);
			if (count < 0) {
				return true;
			}
			this.length += count;
		}
	}

	/** What came so far. */
	byte[] bytes() {
		return (this.length == this.bytes.length) ? this.bytes : Arrays.copyOf(this.bytes, this.length);
	}

}
