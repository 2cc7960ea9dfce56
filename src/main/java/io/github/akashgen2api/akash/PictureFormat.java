package io.github.akashgen2api.akash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The format of a picture, told from its bytes.
 */
public enum PictureFormat {

	/** WebP: RIFF container, its length in the header. */
	WEBP("image/webp") {

		@Override
		boolean begins(byte[] bytes) {
			return hasAt(bytes, 0, "RIFF") && hasAt(bytes, 8, "WEBP");
		}

		@Override
		boolean ends(byte[] bytes) {
			long riffLength = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xFFFFFFFFL;
			return bytes.length == riffLength + 8;
		}

	},

	/** PNG: ends with its IEND chunk. */
	PNG("image/png") {

		@Override
		boolean begins(byte[] bytes) {
			return hasAt(bytes, 0, "\u0089PNG\r\n\u001a\n");
		}

		@Override
		boolean ends(byte[] bytes) {
			return hasAt(bytes, bytes.length - 8, "IEND\u00aeB`\u0082");
		}

	},

	/** JPEG: ends with its end-of-image marker. */
	JPEG("image/jpeg") {

		@Override
		boolean begins(byte[] bytes) {
			return hasAt(bytes, 0, "\u00ff\u00d8\u00ff");
		}

		@Override
		boolean ends(byte[] bytes) {
			return hasAt(bytes, bytes.length - 2, "\u00ff\u00d9");
		}

	};

	private final String mediaType;

	PictureFormat(String mediaType) {
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

	abstract boolean begins(byte[] bytes);

	abstract boolean ends(byte[] bytes);

	private static boolean hasAt(byte[] bytes, int offset, String latin1) {
		if (offset < 0 || bytes.length < offset + latin1.length()) {
			return false;
		}
		for (int i = 0; i < latin1.length(); i++) {
			if ((bytes[offset + i] & 0xFF) != latin1.charAt(i)) {
				return false;
			}
		}
		return true;
	}

}
