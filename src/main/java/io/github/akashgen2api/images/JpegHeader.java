package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.ByteOrder;

/**
 * Reads the segments of a JPEG file. For an image in several scans, the JDK's decoder
 * (libjpeg) holds all coefficients outside the heap, and processes all of them for each
 * scan.
 */
final class JpegHeader extends ImageHeader {

	private static final int START_OF_IMAGE = 0xD8;

	private static final int END_OF_IMAGE = 0xD9;

	private static final int START_OF_SCAN = 0xDA;

	private static final int BASELINE = 0xC0;

	private static final int PROGRESSIVE = 0xC2;

	private static final int PROFILE = 0xE2;

	/** Encoders write about ten. */
	private static final int MAX_SCANS = 32;

	private static final int MAX_PROFILE_BYTES = 1024 * 1024;

	private static final int BLOCK_BYTES = 64 * 2;

	/** Of all components together; 0 before the frame's header. */
	private long blocks;

	private boolean isProgressive;

	private int scans;

	private int profileBytes;

	JpegHeader(FileImageInput input, DecoderMemory memory) {
		super(input, memory);
	}

	@Override
	void check() throws IOException {
		this.input.setByteOrder(ByteOrder.BIG_ENDIAN);
		require(this.input.readUnsignedShort() == (0xFF00 | START_OF_IMAGE), "no JPEG file");
		int marker = nextMarker();
		while (marker != END_OF_IMAGE) {
			segment(marker);
			marker = nextMarker();
		}
		require(this.blocks > 0 && this.scans > 0, "no image");
		this.memory.reserve(2L * this.profileBytes);
		if (this.isProgressive || this.scans > 1) {
			this.memory.reserve(this.blocks * BLOCK_BYTES);
		}
	}

	/** Also skips the data of a scan. */
	private int nextMarker() throws IOException {
		while (true) {
			int value = this.input.readUnsignedByte();
			while (value == 0xFF) {
				value = this.input.readUnsignedByte();
				boolean isRestart = value >= 0xD0 && value <= 0xD7;
				if (value != 0 && value != 0xFF && !isRestart) {
					return value;
				}
			}
		}
	}

	private void segment(int marker) throws IOException {
		require(marker != START_OF_IMAGE, "an image within the image");
		int length = this.input.readUnsignedShort() - 2;
		long start = this.input.getStreamPosition();
		require(length >= 0 && length <= this.input.remaining(), "a segment is longer than the file");
		boolean isFrame = marker >= BASELINE && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
		if (isFrame) {
			require(marker <= PROGRESSIVE, "a kind that the decoder does not know");
			frame(marker == PROGRESSIVE);
		}
		else if (marker == START_OF_SCAN) {
			this.scans++;
			limit(this.scans, MAX_SCANS);
		}
		else if (marker == PROFILE) {
			this.profileBytes += length;
			limit(this.profileBytes, MAX_PROFILE_BYTES);
		}
		this.input.seek(start + length);
	}

	private void frame(boolean isProgressive) throws IOException {
		require(this.blocks == 0, "two frames");
		this.isProgressive = isProgressive;
		require(this.input.readUnsignedByte() == 8, "samples of other than 8 bits");
		int height = this.input.readUnsignedShort();
		int width = this.input.readUnsignedShort();
		int components = this.input.readUnsignedByte();
		require(components == 1 || components == 3, "colours that the decoder does not know");
		require(width > 0 && height > 0, "no pixels");
		reserveImage(width, height, components);
		int[] samples = new int[components];
		int across = 1;
		int down = 1;
		for (int i = 0; i < components; i++) {
			this.input.readUnsignedByte();
			samples[i] = this.input.readUnsignedByte();
			this.input.readUnsignedByte();
			require(isSampling(samples[i] >> 4) && isSampling(samples[i] & 0xF), "a sampling that there is not");
			across = Math.max(across, samples[i] >> 4);
			down = Math.max(down, samples[i] & 0xF);
		}
		long units = (width / (8L * across) + 1) * (height / (8L * down) + 1);
		for (int sample : samples) {
			this.blocks += units * (sample >> 4) * (sample & 0xF);
		}
	}

	private static boolean isSampling(int factor) {
		return factor >= 1 && factor <= 4;
	}

}
