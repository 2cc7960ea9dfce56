package io.github.akashgen2api.images;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * What follows a picture's bytes on disk. Tells the picture from half of one, from zeros
 * where it should be, and from another's. SHA-256 would tell no more of what disks do,
 * and takes longer than all else about a picture.
 */
final class Checksum {

	static final int BYTES = Integer.BYTES;

	private Checksum() {
	}

	/**
	 * The checksum of a name and what is under it.
	 */
	static ByteBuffer of(PictureName name, byte[] bytes) {
		CRC32 checksum = new CRC32();
		checksum.update(name.toString().getBytes(StandardCharsets.US_ASCII));
		checksum.update(bytes);
		return ByteBuffer.allocate(BYTES).putInt(0, (int) checksum.getValue());
	}

}
