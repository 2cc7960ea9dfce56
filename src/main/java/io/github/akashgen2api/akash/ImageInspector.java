package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * Looks at the bytes of an image as they pass. AkashGen passes on whatever its image
 * service sends (an HTML page, half a file, WebP labelled as PNG), so the bytes decide,
 * never the label. The first bytes tell the format, the last ones and the length whether
 * the file is whole.
 */
public final class ImageInspector {

	private final byte[] head = new byte[ImageFormat.HEAD];

	private final byte[] tail = new byte[ImageFormat.TAIL];

	private long length;

	/**
	 * Look at the next bytes.
	 */
	public void inspect(byte[] bytes, int offset, int count) {
		if (this.length < this.head.length) {
			int missing = Math.min(count, this.head.length - (int) this.length);
			System.arraycopy(bytes, offset, this.head, (int) this.length, missing);
		}
		int last = Math.min(count, this.tail.length);
		System.arraycopy(this.tail, last, this.tail, 0, this.tail.length - last);
		System.arraycopy(bytes, offset + count - last, this.tail, this.tail.length - last, last);
		this.length += count;
	}

	/**
	 * How many bytes there were.
	 */
	public long length() {
		return this.length;
	}

	/**
	 * The format of the image, after all its bytes.
	 * @throws InvalidImageException if they are no whole image
	 */
	public ImageFormat format() {
		if (this.length == 0) {
			throw new InvalidImageException("empty");
		}
		for (ImageFormat format : ImageFormat.values()) {
			if (format.begins(this.head, this.length)) {
				if (!format.ends(this.head, this.tail, this.length)) {
					throw new InvalidImageException("truncated " + format);
				}
				return format;
			}
		}
		throw new InvalidImageException("neither WebP, PNG nor JPEG");
	}

	/**
	 * The format of an image in a file, of which only the first and the last bytes are
	 * read.
	 * @throws InvalidImageException if it is no whole image
	 */
	public static ImageFormat formatOf(RandomAccessFile file) throws IOException {
		ImageInspector inspector = new ImageInspector();
		byte[] ends = new byte[ImageFormat.HEAD + ImageFormat.TAIL];
		int head = Math.max(0, file.read(ends, 0, ImageFormat.HEAD));
		long tail = Math.max(head, file.length() - ImageFormat.TAIL);
		inspector.inspect(ends, 0, head);
		inspector.length = tail;
		file.seek(tail);
		int last = Math.max(0, file.read(ends, 0, ImageFormat.TAIL));
		inspector.inspect(ends, 0, last);
		return inspector.format();
	}

}
