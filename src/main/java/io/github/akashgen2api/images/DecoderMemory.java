package io.github.akashgen2api.images;

/**
 * The memory that the conversion of one image may take, on the heap and in libraries. The
 * headers of a file reserve what the decoder is going to allocate, before it does.
 */
final class DecoderMemory {

	/** Two conversions at once fit into a heap of 128 MB beside all else. */
	static final long MAX_BYTES = 24 * 1024 * 1024;

	/** Of the decoded image: 2048 × 2048 with four bytes a pixel. */
	static final long MAX_IMAGE_BYTES = 16 * 1024 * 1024;

	/** As WebP itself. Decoders and encoders hold some rows besides the image. */
	static final int MAX_SIDE = 16_384;

	private long left = MAX_BYTES;

	/**
	 * Reserve the decoded image.
	 * @param bytesPerPixel as decoded; what is less than 4 limits the memory, but not the
	 * number of pixels, which is what takes time
	 */
	void reserveImage(long width, long height, int bytesPerPixel) {
		if (width < 1 || height < 1) {
			throw new IllegalArgumentException("The image has no pixels");
		}
		if (width > MAX_SIDE || height > MAX_SIDE || width * height * Math.max(4, bytesPerPixel) > MAX_IMAGE_BYTES) {
			throw UnconvertibleImageException.tooLarge();
		}
		reserve(width * height * bytesPerPixel);
	}

	/**
	 * Reserve memory besides the image.
	 * @throws UnconvertibleImageException if there is not as much
	 */
	void reserve(long bytes) {
		if (bytes > this.left) {
			throw UnconvertibleImageException.tooLarge();
		}
		this.left -= bytes;
	}

}
