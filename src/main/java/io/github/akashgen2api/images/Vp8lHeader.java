package io.github.akashgen2api.images;

import java.io.IOException;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads what precedes the pixels of a lossless WebP image: transforms and prefix codes.
 * The file does not say how many there are, and each takes memory: 164 KB can hold 65,536
 * groups of prefix codes, 360 MB in the decoder. They are read as the WebP Lossless
 * Bitstream Specification says, in the order of its sections, and not stored.
 */
final class Vp8lHeader {

	private static final int LITERALS = 256;

	private static final int LENGTHS = 24;

	private static final int DISTANCES = 40;

	private static final int MAX_CACHE_BITS = 11;

	private final BitReader bits;

	private final DecoderMemory memory;

	private Vp8lHeader(BitReader bits, DecoderMemory memory) {
		this.bits = bits;
		this.memory = memory;
	}

	/**
	 * Reserve the decoder's memory besides the image.
	 * @param input at the transforms
	 * @param length of the image from there
	 * @throws UnconvertibleImageException if that is too much
	 * @throws IOException if the image is broken
	 */
	static void check(ImageInputStream input, long length, int width, int height, DecoderMemory memory)
			throws IOException {
		new Vp8lHeader(new BitReader(input, length), memory).check(width, height);
	}

	private void check(int width, int height) throws IOException {
		int codedWidth = transforms(width, height);
		int cacheSize = cacheSize();
		int groups = this.bits.isSet() ? groups(codedWidth, height) : 1;
		this.memory.reserve(groups * Group.MIN_BYTES);
		for (int i = 0; i < groups; i++) {
			this.memory.reserve(Group.read(this.bits, cacheSize).bytes() - Group.MIN_BYTES);
		}
	}

	/** Section 4. The decoder does not check that each comes once only. */
	private int transforms(int width, int height) throws IOException {
		int codedWidth = width;
		int seen = 0;
		while (this.bits.isSet()) {
			int type = this.bits.read(2);
			if ((seen & 1 << type) != 0) {
				throw new IIOException("a transform comes twice");
			}
			seen |= 1 << type;
			switch (type) {
				case 0, 1 -> subImage(codedWidth, height);
				case 2 -> {
				}
				default -> codedWidth = colourTable(codedWidth);
			}
		}
		return codedWidth;
	}

	/** Sections 4.1, 4.2 and 6.2.2: one pixel for each block of the image. */
	private int subImage(int width, int height) throws IOException {
		int blockBits = this.bits.read(3) + 2;
		int columns = blocks(width, blockBits);
		int rows = blocks(height, blockBits);
		this.memory.reserve(4L * columns * rows);
		return pixels(columns * rows);
	}

	/** Section 4.4: with few colours, one pixel holds several. */
	private int colourTable(int width) throws IOException {
		int colours = this.bits.read(8) + 1;
		pixels(colours);
		int packing = (colours <= 2) ? 3 : (colours <= 4) ? 2 : (colours <= 16) ? 1 : 0;
		return blocks(width, packing);
	}

	/** Section 6.2.2: each block of the image names its group. */
	private int groups(int width, int height) throws IOException {
		return subImage(width, height) + 1;
	}

	private static int blocks(int pixels, int bits) {
		return (pixels + (1 << bits) - 1) >> bits;
	}

	private int cacheSize() throws IOException {
		if (!this.bits.isSet()) {
			return 0;
		}
		int cacheBits = this.bits.read(4);
		if (cacheBits < 1 || cacheBits > MAX_CACHE_BITS) {
			throw new IIOException("a colour cache of another size");
		}
		return 1 << cacheBits;
	}

	/**
	 * Section 5.2, of an image within the image.
	 * @return the highest group that a pixel names in its red and green. Pixels that are
	 * copied name no other
	 */
	private int pixels(int count) throws IOException {
		Group group = Group.read(this.bits, cacheSize());
		int highest = 0;
		int left = count;
		while (left > 0) {
			int symbol = group.main().next(this.bits);
			if (symbol < LITERALS) {
				int red = group.red().next(this.bits);
				group.blue().next(this.bits);
				group.alpha().next(this.bits);
				highest = Math.max(highest, red << 8 | symbol);
				left--;
			}
			else if (symbol < LITERALS + LENGTHS) {
				left -= prefixed(symbol - LITERALS);
				prefixed(group.distance().next(this.bits));
			}
			else {
				left--;
			}
		}
		if (left < 0) {
			throw new IIOException("a copy is longer than its image");
		}
		return highest;
	}

	/** Section 5.2.2. */
	private int prefixed(int symbol) throws IOException {
		if (symbol < 4) {
			return symbol + 1;
		}
		int extraBits = (symbol - 2) >> 1;
		return ((2 + (symbol & 1)) << extraBits) + this.bits.read(extraBits) + 1;
	}

	/** The five prefix codes that belong together. */
	private record Group(PrefixCode main, PrefixCode red, PrefixCode blue, PrefixCode alpha, PrefixCode distance) {

		private static final long MIN_BYTES = 64 + 5 * PrefixCode.MIN_BYTES;

		static Group read(BitReader bits, int cacheSize) throws IOException {
			return new Group(PrefixCode.read(bits, LITERALS + LENGTHS + cacheSize), PrefixCode.read(bits, LITERALS),
					PrefixCode.read(bits, LITERALS), PrefixCode.read(bits, LITERALS), PrefixCode.read(bits, DISTANCES));
		}

		long bytes() {
			return 64 + this.main.bytes() + this.red.bytes() + this.blue.bytes() + this.alpha.bytes()
					+ this.distance.bytes();
		}

	}

}
