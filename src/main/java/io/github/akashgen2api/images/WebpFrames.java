package io.github.akashgen2api.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The frames in a WebP file. A lossy one has a size of its own, which the decoder makes
 * room for whatever the file's header says: a few bytes could take gigabytes.
 */
final class WebpFrames {

	private static final int FIRST_CHUNK = 12;

	private static final int CHUNK_HEADER = 8;

	/** Where a lossy frame's size is: after its tag and start code (RFC 6386, 9.1). */
	private static final int FRAME_SIZE = 6;

	private static final int ANIMATED = 0b10;

	private final ByteBuffer file;

	WebpFrames(byte[] file) {
		this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
	}

	/**
	 * Whether there may be several, each in a chunk of its own.
	 */
	boolean areMany() {
		return hasAt(FIRST_CHUNK, "VP8X") && (this.file.get(FIRST_CHUNK + CHUNK_HEADER) & ANIMATED) != 0;
	}

	/**
	 * The pixels of the largest lossy frame outside of an animation; 0 where there is
	 * none.
	 * @throws IndexOutOfBoundsException if the file is broken
	 */
	int largestLossy() {
		int largest = 0;
		long chunk = FIRST_CHUNK;
		while (chunk < this.file.limit()) {
			int content = (int) chunk + CHUNK_HEADER;
			if (hasAt((int) chunk, "VP8 ")) {
				int width = this.file.getShort(content + FRAME_SIZE) & 0x3FFF;
				int height = this.file.getShort(content + FRAME_SIZE + 2) & 0x3FFF;
				largest = Math.max(largest, width * height);
			}
			long length = this.file.getInt((int) chunk + 4) & 0xFFFFFFFFL;
			chunk = content + length + (length & 1);
		}
		return largest;
	}

	private boolean hasAt(int offset, String fourCharacters) {
		byte[] found = new byte[4];
		this.file.get(offset, found);
		return new String(found, StandardCharsets.ISO_8859_1).equals(fourCharacters);
	}

}
