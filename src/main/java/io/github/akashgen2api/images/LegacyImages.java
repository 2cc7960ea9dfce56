package io.github.akashgen2api.images;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

import io.github.akashgen2api.akash.InvalidImageException;
import io.github.akashgen2api.akash.JobId;

/**
 * Images that version 0.1 has stored: the name of a file is the SHA-256 of the job id,
 * and four bytes follow the image, the CRC-32 of that name and the image. Each is
 * rewritten when it is first looked for.
 */
final class LegacyImages {

	private static final int CHECKSUM = Integer.BYTES;

	private LegacyImages() {
	}

	/**
	 * Find an image of version 0.1 and store it as a plain file.
	 */
	static Optional<StoredImage> migrate(ImageDirectory directory, JobId id, ImageFileName name,
			StoredImageListener listener) throws IOException {
		Path legacy = directory.legacyFile(name);
		if (!Files.isRegularFile(legacy, LinkOption.NOFOLLOW_LINKS)) {
			return Optional.empty();
		}
		try (DataInputStream content = new DataInputStream(Files.newInputStream(legacy));
				ImageFileWriter image = directory.open(listener)) {
			CRC32 checksum = new CRC32();
			checksum.update(name.legacy().getBytes(StandardCharsets.US_ASCII));
			copy(content, Files.size(legacy) - CHECKSUM, image, checksum);
			Optional<StoredImage> stored = (content.readInt() == (int) checksum.getValue())
					? Optional.of(image.commit(id, name)) : Optional.empty();
			Files.deleteIfExists(legacy);
			return stored;
		}
		catch (EOFException | InvalidImageException ex) {
			Files.deleteIfExists(legacy);
			return Optional.empty();
		}
		catch (NoSuchFileException ex) {
			// Another thread has migrated it.
			return directory.find(name);
		}
	}

	private static void copy(DataInputStream content, long length, ImageFileWriter image, CRC32 checksum)
			throws IOException {
		byte[] buffer = new byte[16 * 1024];
		for (long left = length; left > 0;) {
			int read = (int) Math.min(buffer.length, left);
			content.readFully(buffer, 0, read);
			checksum.update(buffer, 0, read);
			image.write(buffer, 0, read);
			left -= read;
		}
	}

}
