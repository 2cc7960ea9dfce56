package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import javax.imageio.IIOException;

/**
 * Reads the chunks of a PNG file. The JDK's decoder allocates the length of a chunk
 * before it reads it, and inflates texts if the image has a palette.
 */
final class PngHeader extends ImageHeader {

	private static final long SIGNATURE = 0x89504E470D0A1A0AL;

	private static final int PALETTE = 3;

	private static final int MAX_ANCILLARY_BYTES = 2 * 1024 * 1024;

	private static final int MAX_INFLATED_BYTES = 1024 * 1024;

	private long width;

	private long height;

	private int depth;

	private int colourType;

	private boolean hasTransparency;

	private long ancillaryBytes;

	private long inflatedBytes;

	PngHeader(FileImageInput input, DecoderMemory memory) {
		super(input, memory);
	}

	@Override
	void check() throws IOException {
		this.input.setByteOrder(ByteOrder.BIG_ENDIAN);
		require(this.input.readLong() == SIGNATURE, "no PNG file");
		boolean isFirst = true;
		while (this.input.remaining() > 0) {
			long length = this.input.readUnsignedInt();
			byte[] name = new byte[4];
			this.input.readFully(name);
			long start = this.input.getStreamPosition();
			require(length + 4 <= this.input.remaining(), "a chunk is longer than the file");
			String type = new String(name, StandardCharsets.ISO_8859_1);
			require(isFirst == type.equals("IHDR"), "the header is not the first chunk");
			isFirst = false;
			chunk(type, length);
			this.input.seek(start + length + 4);
		}
		require(!isFirst, "no header");
		reserve();
	}

	private void chunk(String type, long length) throws IOException {
		switch (type) {
			case "IHDR" -> header(length);
			case "PLTE" -> require(length <= 768, "a palette of more than 256 colours");
			case "IDAT", "IEND" -> {
			}
			default -> ancillary(type, length);
		}
	}

	private void header(long length) throws IOException {
		require(length == 13, "a header of another length");
		this.width = this.input.readUnsignedInt();
		this.height = this.input.readUnsignedInt();
		this.depth = this.input.readUnsignedByte();
		this.colourType = this.input.readUnsignedByte();
		require(this.depth <= 16 && Integer.bitCount(this.depth) == 1, "a depth that there is not");
		require(this.colourType <= 6 && this.colourType != 1 && this.colourType != 5, "a colour that there is not");
	}

	private void ancillary(String type, long length) throws IOException {
		this.ancillaryBytes += length;
		limit(this.ancillaryBytes, MAX_ANCILLARY_BYTES);
		switch (type) {
			case "tRNS" -> this.hasTransparency = true;
			case "zTXt", "iCCP", "iTXt" -> inflated(type, length);
			default -> {
			}
		}
	}

	/** Count the bytes of a compressed text or profile, without storing them. */
	private void inflated(String type, long length) throws IOException {
		byte[] content = new byte[Math.toIntExact(length)];
		this.input.readFully(content);
		int start = afterNull(content, 0);
		if (type.equals("iTXt")) {
			require(start + 1 < content.length, "a cut text");
			if (content[start] == 0) {
				return;
			}
			start = afterNull(content, afterNull(content, start + 2));
		}
		else {
			start++;
		}
		require(start <= content.length, "a cut text");
		byte[] buffer = new byte[8 * 1024];
		try (Inflater inflater = new Inflater()) {
			inflater.setInput(content, start, content.length - start);
			int count;
			while ((count = inflater.inflate(buffer)) > 0) {
				this.inflatedBytes += count;
				limit(this.inflatedBytes, MAX_INFLATED_BYTES);
			}
		}
		catch (DataFormatException ex) {
			throw new IIOException("a text that cannot be inflated", ex);
		}
	}

	private static int afterNull(byte[] content, int start) {
		int index = start;
		while (index < content.length && content[index] != 0) {
			index++;
		}
		return index + 1;
	}

	private void reserve() {
		int sampleBytes = (this.depth == 16) ? 2 : 1;
		int bands = switch (this.colourType) {
			case 0, PALETTE -> 1;
			case 2 -> 3;
			case 4 -> 2;
			default -> 4;
		};
		boolean becomesTransparent = this.hasTransparency && this.colourType != PALETTE;
		int bytesPerPixel = (bands + (becomesTransparent ? 1 : 0)) * sampleBytes;
		reserveImage(this.width, this.height, bytesPerPixel);
		boolean isEncodedAsItIs = this.depth == 8 && !becomesTransparent && this.colourType != PALETTE
				&& this.colourType != 4;
		if (!isEncodedAsItIs) {
			this.memory.reserve(3 * this.width * this.height);
		}
	}

}
