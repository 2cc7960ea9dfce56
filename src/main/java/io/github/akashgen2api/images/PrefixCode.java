package io.github.akashgen2api.images;

import java.io.IOException;
import java.util.Arrays;

import javax.imageio.IIOException;

/**
 * A prefix code of a lossless WebP image (section 6.2.1 of its specification).
 */
final class PrefixCode {

	/** Of the decoder's object and its table for codes of up to eight bits. */
	static final long MIN_BYTES = 1024 + 100;

	private static final int TABLE_BITS = 8;

	private static final int MAX_BITS = 15;

	/**
	 * A second table has an entry for each code of its greatest length, so shorter codes
	 * take several. For 40 to 2,328 symbols, it has at most 154 entries more than there
	 * are codes (zlib's "enough", as in libwebp).
	 */
	private static final int MAX_ENTRIES_OF_SEVERAL_CODES = 256;

	private static final int[] ORDER_OF_LENGTHS = { 17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

	/** How many codes there are of each length. One of length 0 is the only one. */
	private final int[] counts;

	/** In the order of their codes. */
	private final int[] symbols;

	private PrefixCode(int[] counts, int[] symbols) {
		this.counts = counts;
		this.symbols = symbols;
	}

	static PrefixCode read(BitReader bits, int alphabet) throws IOException {
		return bits.isSet() ? simple(bits, alphabet) : of(lengths(bits, alphabet));
	}

	private static PrefixCode simple(BitReader bits, int alphabet) throws IOException {
		boolean isPair = bits.isSet();
		int first = bits.read(bits.isSet() ? 8 : 1);
		int second = isPair ? bits.read(8) : first;
		// Decoders disagree on a pair that is not in order.
		if (Math.max(first, second) >= alphabet || (isPair && first >= second)) {
			throw new IIOException("a code for no symbols");
		}
		return isPair ? new PrefixCode(new int[] { 0, 2 }, new int[] { first, second })
				: new PrefixCode(new int[] { 1 }, new int[] { first });
	}

	private static int[] lengths(BitReader bits, int alphabet) throws IOException {
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

	/** As the specification requires, each code is used exactly once. */
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

	int next(BitReader bits) throws IOException {
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

	/** The size of the decoder's tables: the second ones are for longer codes. */
	long bytes() {
		int longer = 0;
		for (int length = TABLE_BITS + 1; length < this.counts.length; length++) {
			longer += this.counts[length];
		}
		return (longer == 0) ? MIN_BYTES : MIN_BYTES + 4L * (longer + MAX_ENTRIES_OF_SEVERAL_CODES);
	}

}
