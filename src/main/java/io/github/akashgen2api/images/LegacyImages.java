package io.github.akashgen2api.images;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

import io.github.akashgen2api.akash.InvalidImageException;

/**
 * Images that a version before 0.2 has stored: a file is called by the SHA-256 of the
 * job's id, and four bytes follow the image, the CRC-32 of that name and the image. Each
 * is stored anew when it is first looked for.
 */
final class LegacyImages {

	private static final int CHECKSUM = Integer.BYTES;

	private LegacyImages() {
	}

	/**
	 * Store the image of that name anew, where there is one.
	 */
	static Optional<StoredImage> migrate(ImageDirectory directory, ImageFileName name) throws IOException {
		Path legacy = directory.legacy(name);
		if (!Files.isRegularFile(legacy, LinkOption.NOFOLLOW_LINKS)) {
			return Optional.empty();
		}
		try (DataInputStream content = new DataInputStream(new BufferedInputStream(Files.newInputStream(legacy)));
				ImageFileWriter image = directory.open()) {
			CRC32 checksum = new CRC32();
			checksum.update(name.legacy().getBytes(StandardCharsets.US_ASCII));
			copy(content, Files.size(legacy) - CHECKSUM, image, checksum);
			Optional<StoredImage> stored = (content.readInt() == (int) checksum.getValue())
					? Optional.of(image.commit(name)) : Optional.empty();
			Files.deleteIfExists(legacy);
			return stored;
		}
		catch (EOFException | InvalidImageException ex) {
			Files.deleteIfExists(legacy);
			return Optional.empty();
		}
		catch (NoSuchFileException ex) {
			// Another thread was faster.
			return directory.find(name);
		}
	}

	private static void copy(InputStream content, long length, ImageFileWriter image, CRC32 checksum)
			throws IOException {
		byte[] buffer = new byte[16 * 1024];
		long left = length;
		while (left > 0) {
			int read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
			if (read < 0) {
				return;
			}
			checksum.update(buffer, 0, read);
			image.write(buffer, 0, read);
			left -= read;
		}
	}

}
