import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * Images that are small and take much memory to decode, and large ones.
 */
final class Images {

	/** 16 by 16, extended format: VP8X, ALPH, VP8. */
	private static final byte[] TINY = Base64.getDecoder()
		.decode("UklGRngAAABXRUJQVlA4WAoAAAAQAAAADwAADwAAQUxQSBkAAAABFyAQSFKffI2ICAeBAGHSpFMHEf0PhVsPAFZQOCA4"
				+ "AAAAMAIAnQEqEAAQAADAEiWgAnS6AfgB+IAEaAAA/v0rn//foJv/d5v9dEvM/+tHP/60ZXB/Wjm/oAA=");

	private static final int TINY_FRAME = 12 + 8 + 10;

	/**
	 * An image with a color profile that claims to be larger than it is.
	 * @param byChunk whether the chunk claims it, or the profile in it
	 */
	static byte[] claimingProfile(int claimed, boolean byChunk) {
		byte[] profile = ByteBuffer.allocate(178).putInt(byChunk ? 178 : claimed).array();
		System.arraycopy("acsp".getBytes(StandardCharsets.US_ASCII), 0, profile, 36, 4);
		ByteBuffer file = ByteBuffer.allocate(TINY.length + 8 + profile.length).order(ByteOrder.LITTLE_ENDIAN);
		file.put(TINY, 0, TINY_FRAME);
		file.put("ICCP".getBytes(StandardCharsets.US_ASCII)).putInt(byChunk ? claimed : profile.length).put(profile);
		file.put(TINY, TINY_FRAME, TINY.length - TINY_FRAME);
		file.putInt(4, file.capacity() - 8);
		file.put(20, (byte) (TINY[20] | 0x20));
		return file.array();
	}

	/** A lossless WebP of one color, with 65,536 groups of five codes of one symbol each. */
	static byte[] manyPrefixCodeGroups() {
		Bits bits = new Bits();
		bits.add(0x2f, 8);
		bits.add(15, 14);
		bits.add(15, 14);
		bits.add(0, 1 + 3);
		// No transform, no color cache; prefix codes by blocks of four by four.
		bits.add(0, 1 + 1);
		bits.add(1, 1);
		bits.add(0, 3);
		// The image of groups: red and green of every pixel are 255, so the last group is 65,535.
		bits.add(0, 1);
		bits.addCode(255);
		bits.addCode(255);
		bits.addCode(0);
		bits.addCode(0);
		bits.addCode(0);
		for (int code = 0; code < 5 * 65536; code++) {
			bits.addCode(0);
		}
		byte[] stream = bits.bytes();
		int even = stream.length + stream.length % 2;
		return ByteBuffer.allocate(20 + even)
			.order(ByteOrder.LITTLE_ENDIAN)
			.put("RIFF".getBytes(StandardCharsets.US_ASCII))
			.putInt(12 + even)
			.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII))
			.putInt(stream.length)
			.put(stream)
			.array();
	}

	/** A black PNG of 16 bits a channel, with alpha. */
	static byte[] deepPng(int size) {
		try {
			ByteArrayOutputStream file = new ByteArrayOutputStream();
			file.write(new byte[] { (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' });
			chunk(file, "IHDR", ByteBuffer.allocate(13).putInt(size).putInt(size).put((byte) 16).put((byte) 6).array());
			ByteArrayOutputStream pixels = new ByteArrayOutputStream();
			try (DeflaterOutputStream deflater = new DeflaterOutputStream(pixels)) {
				byte[] line = new byte[1 + 8 * size];
				for (int y = 0; y < size; y++) {
					deflater.write(line);
				}
			}
			chunk(file, "IDAT", pixels.toByteArray());
			chunk(file, "IEND", new byte[0]);
			return file.toByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void chunk(ByteArrayOutputStream file, String type, byte[] data) throws IOException {
		byte[] typed = ByteBuffer.allocate(4 + data.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(data).array();
		CRC32 crc = new CRC32();
		crc.update(typed);
		file.write(ByteBuffer.allocate(4).putInt(data.length).array());
		file.write(typed);
		file.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
	}

	/** An image followed by a chunk of noise, whose type no decoder knows. */
	static byte[] padded(byte[] image, int length, Random random) {
		byte[] noise = new byte[length - image.length - 8];
		random.nextBytes(noise);
		ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).put(image);
		file.put("JUNK".getBytes(StandardCharsets.US_ASCII)).putInt(noise.length).put(noise);
		file.putInt(4, length - 8);
		return file.array();
	}

	/** How a WebP file of that length begins. A multiple of three bytes. */
	static byte[] head(int length) {
		return ByteBuffer.allocate(24)
			.order(ByteOrder.LITTLE_ENDIAN)
			.put("RIFF".getBytes(StandardCharsets.US_ASCII))
			.putInt(length + 16)
			.put("WEBPVP8 ".getBytes(StandardCharsets.US_ASCII))
			.putInt(length + 4)
			.array();
	}

	/**
	 * Bits as VP8L has them, the lowest first.
	 */
	private static final class Bits {

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private int pending;

		private int count;

		void add(int value, int bits) {
			for (int i = 0; i < bits; i++) {
				this.pending |= ((value >> i) & 1) << this.count;
				if (++this.count == 8) {
					this.bytes.write(this.pending);
					this.pending = 0;
					this.count = 0;
				}
			}
		}

		/** A prefix code of one symbol, which takes no bits. */
		void addCode(int symbol) {
			add(1, 2);
			add((symbol > 1) ? 1 : 0, 1);
			add(symbol, (symbol > 1) ? 8 : 1);
		}

		byte[] bytes() {
			if (this.count > 0) {
				this.bytes.write(this.pending);
			}
			return this.bytes.toByteArray();
		}

	}

}
