package io.github.akashgen2api.images;

/**
 * The memory that the conversion of one image may take, on the heap and in libraries.
 * What the decoder is going to allocate is reserved from the headers of the file before.
 */
final class DecoderMemory {

	/** Two conversions at once fit into a heap of 128 MB beside everything else. */
	static final long MAX_BYTES = 24 * 1024 * 1024;

	/** Of the decoded image: 2048 × 2048 with four bytes a pixel. */
	static final long MAX_IMAGE_BYTES = 16 * 1024 * 1024;

	/** As WebP itself. Decoders and encoders hold some rows besides the image. */
	static final int MAX_SIDE = 16_384;

	private long left = MAX_BYTES;

	/**
	 * Reserve the decoded image.
	 * @param bytesPerPixel as decoded. Fewer than 4 save memory, but do not allow more
	 * pixels, as these take time
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
	 * @throws UnconvertibleImageException if there is not enough left
	 */
	void reserve(long bytes) {
		if (bytes > this.left) {
			throw UnconvertibleImageException.tooLarge();
		}
		this.left -= bytes;
	}

}
