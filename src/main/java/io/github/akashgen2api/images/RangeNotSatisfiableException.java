package io.github.akashgen2api.images;

/**
 * All requested ranges begin after the end of the image.
 */
public class RangeNotSatisfiableException extends RuntimeException {

	private final long length;

	RangeNotSatisfiableException(long length) {
		super("Range must begin before the end of the image, which has " + length + " bytes");
		this.length = length;
	}

	/**
	 * The length of the image in bytes.
	 */
	public long length() {
		return this.length;
	}

}
