package io.github.akashgen2api.images;

/**
 * All ranges that a client asks for begin behind the end of the image.
 */
public class RangeNotSatisfiableException extends RuntimeException {

	private final long length;

	RangeNotSatisfiableException(long length) {
		super("Range must begin before the end of the image, which has " + length + " bytes");
		this.length = length;
	}

	/**
	 * How long the image is, in bytes.
	 */
	public long length() {
		return this.length;
	}

}
