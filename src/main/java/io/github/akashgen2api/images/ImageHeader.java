package io.github.akashgen2api.images;

import java.io.IOException;

import javax.imageio.IIOException;

/**
 * Reads what precedes and surrounds the pixels of a file, which tells what its decoder is
 * going to allocate.
 */
abstract class ImageHeader {

	protected final FileImageInput input;

	protected final DecoderMemory memory;

	/** In pixels; empty until it was read. */
	private String size = "";

	ImageHeader(FileImageInput input, DecoderMemory memory) {
		this.input = input;
		this.memory = memory;
	}

	/**
	 * Reserve the decoder's memory, and that of a copy if the encoder needs one.
	 * @throws UnconvertibleImageException if that is too much, or the image is animated
	 * @throws IOException if the file is broken
	 */
	abstract void check() throws IOException;

	/** Width and height in pixels, as {@code 1024x1024}. */
	final String size() {
		return this.size;
	}

	/** Reserve the memory of the pixels. */
	final void reserveImage(long width, long height, int bytesPerPixel) {
		this.size = width + "x" + height;
		this.memory.reserveImage(width, height, bytesPerPixel);
	}

	static void limit(long value, long max) {
		if (value > max) {
			throw UnconvertibleImageException.tooLarge();
		}
	}

	static void require(boolean condition, String otherwise) throws IIOException {
		if (!condition) {
			throw new IIOException(otherwise);
		}
	}

}
