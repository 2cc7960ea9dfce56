package io.github.akashgen2api.akash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The format of an image, told from its bytes.
 */
public enum ImageFormat {

	/** WebP: RIFF container, its length in the header. */
	WEBP("image/webp") {

		@Override
		boolean begins(byte[] head, long length) {
			return length >= 12 && hasAt(head, 0, "RIFF") && hasAt(head, 8, "WEBP");
		}

		@Override
		boolean ends(byte[] head, byte[] tail, long length) {
			long riffLength = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xFFFFFFFFL;
			return length == riffLength + 8;
		}

	},

	/** PNG: ends with its IEND chunk. */
	PNG("image/png") {

		@Override
		boolean begins(byte[] head, long length) {
			return length >= 8 && hasAt(head, 0, "\u0089PNG\r\n\u001a\n");
		}

		@Override
		boolean ends(byte[] head, byte[] tail, long length) {
			return length >= 16 && hasAt(tail, TAIL - 8, "IEND\u00aeB`\u0082");
		}

	},

	/** JPEG: ends with its end-of-image marker. */
	JPEG("image/jpeg") {

		@Override
		boolean begins(byte[] head, long length) {
			return length >= 3 && hasAt(head, 0, "\u00ff\u00d8\u00ff");
		}

		@Override
		boolean ends(byte[] head, byte[] tail, long length) {
			return length >= 5 && hasAt(tail, TAIL - 2, "\u00ff\u00d9");
		}

	};

	/** As many of the first bytes as tell the format, and its length. */
	static final int HEAD = 12;

	/** As many of the last bytes as tell that a file is whole. */
	static final int TAIL = 8;

	private final String mediaType;

	ImageFormat(String mediaType) {
		this.mediaType = mediaType;
	}

	/**
	 * The media type, for a {@code Content-Type} header.
	 */
	public String mediaType() {
		return this.mediaType;
	}

	/**
	 * The name, as clients write it: {@code webp}.
	 */
	public String subtype() {
		return this.mediaType.substring("image/".length());
	}

	/**
	 * The end of a file's name.
	 */
	public String extension() {
		return (this == JPEG) ? "jpg" : subtype();
	}

	abstract boolean begins(byte[] head, long length);

	abstract boolean ends(byte[] head, byte[] tail, long length);

	private static boolean hasAt(byte[] bytes, int offset, String latin1) {
		for (int i = 0; i < latin1.length(); i++) {
			if ((bytes[offset + i] & 0xFF) != latin1.charAt(i)) {
				return false;
			}
		}
		return true;
	}

}
