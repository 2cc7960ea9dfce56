package io.github.akashgen2api.images;

import java.io.IOException;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads bits, the least significant one of each byte first.
 */
final class BitReader {

	private final ImageInputStream input;

	private long left;

	private int current;

	private int available;

	BitReader(ImageInputStream input, long bytes) {
		this.input = input;
		this.left = bytes;
	}

	boolean isSet() throws IOException {
		return read(1) == 1;
	}

	int read(int count) throws IOException {
		while (this.available < count) {
			if (--this.left < 0) {
				throw new IIOException("the image is cut");
			}
			this.current |= this.input.readUnsignedByte() << this.available;
			this.available += 8;
		}
		int value = this.current & (1 << count) - 1;
		this.current >>>= count;
		this.available -= count;
		return value;
	}

}
