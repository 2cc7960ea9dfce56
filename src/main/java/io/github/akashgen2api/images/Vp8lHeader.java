package io.github.akashgen2api.images;

import java.io.IOException;
import java.util.Arrays;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;

/**
 * What precedes the pixels of a lossless WebP image: transforms and prefix codes. Both
 * are counted nowhere, only read on and on, and each takes memory: 164 KB can hold 65,536
 * groups of prefix codes, 360 MB in the decoder. They are read here as the WebP Lossless
 * Bitstream Specification says, in the order of its sections, and nothing is kept.
 */
final class Vp8lHeader {

	private static final int LITERALS = 256;

	private static final int LENGTHS = 24;

	private static final int DISTANCES = 40;

	private static final int MAX_CACHE_BITS = 11;

	private final Bits bits;

	private final DecoderMemory memory;

	private Vp8lHeader(Bits bits, DecoderMemory memory) {
		this.bits = bits;
		this.memory = memory;
	}

	/**
	 * Reserve the decoder's memory besides the image.
	 * @param input where the transforms begin
	 * @param length of what belongs to the image there
	 * @throws UnconvertibleImageException if that is too much
	 * @throws IOException if the image is broken
	 */
	static void check(ImageInputStream input, long length, int width, int height, DecoderMemory memory)
			throws IOException {
		new Vp8lHeader(new Bits(input, length), memory).check(width, height);
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

	/** Section 4. The decoder does not mind that each may come once only. */
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

	/** Section 4.4: several pixels in one where there are few colours. */
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
	 * @return the highest group that a pixel names in its red and green. All others are
	 * copies of those that stand there as they are
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

		static Group read(Bits bits, int cacheSize) throws IOException {
			return new Group(PrefixCode.read(bits, LITERALS + LENGTHS + cacheSize), PrefixCode.read(bits, LITERALS),
					PrefixCode.read(bits, LITERALS), PrefixCode.read(bits, LITERALS), PrefixCode.read(bits, DISTANCES));
		}

		long bytes() {
			return 64 + this.main.bytes() + this.red.bytes() + this.blue.bytes() + this.alpha.bytes()
					+ this.distance.bytes();
		}

	}

	/** A canonical code, section 6.2.1. */
	private static final class PrefixCode {

		/** Of the decoder's object and its table for codes of up to eight bits. */
		static final long MIN_BYTES = 1024 + 100;

		private static final int TABLE_BITS = 8;

		private static final int MAX_BITS = 15;

		/**
		 * A second table has an entry for each code of its greatest length, so that
		 * shorter ones take several. For 40 to 2,328 symbols that is 154 more than there
		 * are codes, at most (zlib's "enough", as in libwebp).
		 */
		private static final int MAX_ENTRIES_OF_SEVERAL_CODES = 256;

		private static final int[] ORDER_OF_LENGTHS = { 17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14,
				15 };

		/** How many codes there are of each length; with one of length 0, it is all. */
		private final int[] counts;

		/** In the order of their codes. */
		private final int[] symbols;

		private PrefixCode(int[] counts, int[] symbols) {
			this.counts = counts;
			this.symbols = symbols;
		}

		static PrefixCode read(Bits bits, int alphabet) throws IOException {
			return bits.isSet() ? simple(bits, alphabet) : of(lengths(bits, alphabet));
		}

		private static PrefixCode simple(Bits bits, int alphabet) throws IOException {
			boolean isPair = bits.isSet();
			int first = bits.read(bits.isSet() ? 8 : 1);
			int second = isPair ? bits.read(8) : first;
			// Decoders do not agree on the order of a pair that is not in order.
			if (Math.max(first, second) >= alphabet || (isPair && first >= second)) {
				throw new IIOException("a code for no symbols");
			}
			return isPair ? new PrefixCode(new int[] { 0, 2 }, new int[] { first, second })
					: new PrefixCode(new int[] { 1 }, new int[] { first });
		}

		private static int[] lengths(Bits bits, int alphabet) throws IOException {
			int[] lengthsOfLengths = new int[ORDER_OF_LENGTHS.length];
			int given = bits.read(4) + 4;
			for (int i = 0; i < given; i++) {
				lengthsOfLengths[ORDER_OF_LENGTHS[i]] = bits.read(3);
			}
			PrefixCode code = of(lengthsOfLengths);
			int left = bits.isSet() ? 2 + bits.read(2 + 2 * bits.read(3)) : alphabet;
			int[] lengths = new int[alphabet];
			int previous = 8;
			for (int i = 0; i < alphabet && left > 0; left--) {
				int symbol = code.next(bits);
				if (symbol <= MAX_BITS) {
					lengths[i++] = symbol;
					previous = (symbol != 0) ? symbol : previous;
					continue;
				}
				int repeats = switch (symbol) {
					case 16 -> 3 + bits.read(2);
					case 17 -> 3 + bits.read(3);
					default -> 11 + bits.read(7);
				};
				if (i + repeats > alphabet) {
					throw new IIOException("more lengths than symbols");
				}
				Arrays.fill(lengths, i, i + repeats, (symbol == 16) ? previous : 0);
				i += repeats;
			}
			return lengths;
		}

		/**
		 * Refuses what does not use each code exactly once, as the specification does.
		 */
		private static PrefixCode of(int[] lengths) throws IOException {
			int[] counts = new int[MAX_BITS + 1];
			for (int length : lengths) {
				counts[length]++;
			}
			int used = lengths.length - counts[0];
			int free = 1;
			int[] next = new int[MAX_BITS + 2];
			for (int length = 1; length <= MAX_BITS; length++) {
				free = 2 * free - counts[length];
				if (free < 0) {
					throw new IIOException("more codes than there can be");
				}
				next[length + 1] = next[length] + counts[length];
			}
			int[] symbols = new int[used];
			for (int symbol = 0; symbol < lengths.length; symbol++) {
				if (lengths[symbol] != 0) {
					symbols[next[lengths[symbol]]++] = symbol;
				}
			}
			if (used == 1) {
				return new PrefixCode(new int[] { 1 }, symbols);
			}
			if (free != 0) {
				throw new IIOException("codes for no symbols");
			}
			counts[0] = 0;
			return new PrefixCode(counts, symbols);
		}

		int next(Bits bits) throws IOException {
			if (this.counts[0] == 1) {
				return this.symbols[0];
			}
			int code = 0;
			int first = 0;
			int index = 0;
			for (int length = 1; length < this.counts.length; length++) {
				code |= bits.read(1);
				int count = this.counts[length];
				if (code - first < count) {
					return this.symbols[index + code - first];
				}
				index += count;
				first = (first + count) << 1;
				code <<= 1;
			}
			throw new IIOException("a code for no symbol");
		}

		/** What the decoder's tables take: the second ones are for longer codes. */
		long bytes() {
			int longer = 0;
			for (int length = TABLE_BITS + 1; length < this.counts.length; length++) {
				longer += this.counts[length];
			}
			return (longer == 0) ? MIN_BYTES : MIN_BYTES + 4L * (longer + MAX_ENTRIES_OF_SEVERAL_CODES);
		}

	}

	/** Bits, the least significant one of each byte first. */
	private static final class Bits {

		private final ImageInputStream input;

		private long left;

		private int current;

		private int available;

		Bits(ImageInputStream input, long bytes) {
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

}
