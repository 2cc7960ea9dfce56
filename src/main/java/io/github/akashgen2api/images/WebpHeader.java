package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.ByteOrder;

/**
 * Reads the chunks of a WebP file. Its decoder (TwelveMonkeys 3.15) trusts them: an ICC
 * profile may claim a gigabyte in a file of 300 bytes, and a frame may be larger than the
 * canvas.
 */
final class WebpHeader extends ImageHeader {

	private static final int RIFF = fourCc("RIFF");

	private static final int WEBP = fourCc("WEBP");

	private static final int LOSSY = fourCc("VP8 ");

	private static final int LOSSLESS = fourCc("VP8L");

	private static final int EXTENDED = fourCc("VP8X");

	private static final int ALPHA = fourCc("ALPH");

	private static final int PROFILE = fourCc("ICCP");

	private static final int ANIMATED = 0b10;

	private static final int WITH_ALPHA = 0b1_0000;

	private static final int WITH_PROFILE = 0b10_0000;

	/** Ordinary files have six at most. */
	private static final int MAX_CHUNKS = 1000;

	private static final int MAX_PROFILE_BYTES = 1024 * 1024;

	/** The objects of 16 × 16 pixels that are being decoded; measured, and rounded up. */
	private static final int MACROBLOCK_BYTES = 16 * 1024;

	/** The current row, the one above, the edge, and one more that the decoder holds. */
	private static final int MACROBLOCK_ROWS = 4;

	/** What the decoder holds of each macroblock until the end. */
	private static final int MACROBLOCK_MODES_BYTES = 128;

	private static final int COMPRESSED = 1;

	/** Of the whole image; 0 until its header was read. */
	private int width;

	private int height;

	private boolean hasAlpha;

	private boolean hasProfile;

	private boolean hasImage;

	private boolean hasAlphaChunk;

	WebpHeader(FileImageInput input, DecoderMemory memory) {
		super(input, memory);
	}

	@Override
	void check() throws IOException {
		this.input.setByteOrder(ByteOrder.LITTLE_ENDIAN);
		boolean isWebp = this.input.readInt() == RIFF && this.input.readUnsignedInt() + 8 == this.input.fileLength()
				&& this.input.readInt() == WEBP;
		require(isWebp, "no WebP file of this length");
		for (int chunks = 0; this.input.remaining() > 0; chunks++) {
			require(chunks < MAX_CHUNKS, "too many chunks");
			int type = this.input.readInt();
			long length = this.input.readUnsignedInt();
			long start = this.input.getStreamPosition();
			require(length <= this.input.remaining(), "a chunk is longer than the file");
			require(chunks > 0 || type == LOSSY || type == LOSSLESS || type == EXTENDED, "no image in the first chunk");
			require(chunks == 0 || type != EXTENDED, "two headers");
			chunk(type, length);
			this.input.seek(start + length + (length & 1));
		}
		require(this.hasImage, "no image");
	}

	private void chunk(int type, long length) throws IOException {
		if (type == EXTENDED) {
			extended(length);
		}
		else if (type == LOSSY) {
			lossy(length);
		}
		else if (type == LOSSLESS) {
			lossless(length);
		}
		else if (type == ALPHA) {
			alpha(length);
		}
		else if (type == PROFILE && this.hasProfile) {
			profile(length);
		}
	}

	private void extended(long length) throws IOException {
		require(length == 10, "a header of another length");
		int flags = this.input.readInt();
		if ((flags & ANIMATED) != 0) {
			throw new UnconvertibleImageException("it is animated", null);
		}
		this.hasAlpha = (flags & WITH_ALPHA) != 0;
		this.hasProfile = (flags & WITH_PROFILE) != 0;
		this.width = 1 + this.input.readUnsignedShort() + (this.input.readUnsignedByte() << 16);
		this.height = 1 + this.input.readUnsignedShort() + (this.input.readUnsignedByte() << 16);
		reserveImage(this.width, this.height, this.hasAlpha ? 4 : 3);
	}

	/** See RFC 6386, section 9.1. */
	private void lossy(long length) throws IOException {
		require(length >= 10, "a cut frame");
		this.input.skipBytes(6);
		image(this.input.readUnsignedShort() & 0x3FFF, this.input.readUnsignedShort() & 0x3FFF);
		long columns = this.width / 16 + 3L;
		long rows = this.height / 16 + 1L;
		this.memory.reserve(columns * (MACROBLOCK_ROWS * MACROBLOCK_BYTES + rows * MACROBLOCK_MODES_BYTES));
	}

	private void lossless(long length) throws IOException {
		require(length >= 5 && this.input.readUnsignedByte() == 0x2F, "no lossless image");
		int sizes = this.input.readInt();
		this.hasAlpha |= this.width == 0 && (sizes >>> 28 & 1) != 0;
		image(1 + (sizes & 0x3FFF), 1 + (sizes >>> 14 & 0x3FFF));
		Vp8lHeader.check(this.input, length - 5, this.width, this.height, this.memory);
	}

	/** The frame of a still image has the size of the canvas, if there is a canvas. */
	private void image(int width, int height) throws IOException {
		require(!this.hasImage, "two images");
		this.hasImage = true;
		if (this.width == 0) {
			this.width = width;
			this.height = height;
			reserveImage(width, height, this.hasAlpha ? 4 : 3);
		}
		require(this.width == width && this.height == height, "the image is not as large as its canvas");
	}

	/** Alpha is decoded as a lossless image of its own, of which one colour is used. */
	private void alpha(long length) throws IOException {
		require(this.hasAlpha && !this.hasAlphaChunk && !this.hasImage, "an alpha chunk where none belongs");
		this.hasAlphaChunk = true;
		require(length >= 1, "a cut alpha chunk");
		if ((this.input.readUnsignedByte() & 0b11) == COMPRESSED) {
			this.memory.reserve(4L * this.width * this.height);
			Vp8lHeader.check(this.input, length - 1, this.width, this.height, this.memory);
		}
	}

	/** The decoder allocates what the profile claims, and ignores the chunk's length. */
	private void profile(long length) throws IOException {
		require(length >= 4, "a cut colour profile");
		this.input.setByteOrder(ByteOrder.BIG_ENDIAN);
		long claimed = this.input.readUnsignedInt();
		this.input.setByteOrder(ByteOrder.LITTLE_ENDIAN);
		require(claimed <= length, "the colour profile is longer than its chunk");
		if (length > MAX_PROFILE_BYTES) {
			throw UnconvertibleImageException.tooLarge();
		}
		this.memory.reserve(2 * length);
	}

	private static int fourCc(String name) {
		return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
	}

}
