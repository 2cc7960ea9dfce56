package io.github.akashgen2api.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

import io.github.akashgen2api.akash.Picture;
import org.jspecify.annotations.Nullable;

/**
 * A directory of pictures, each a file of its own: there as a whole, or not at all,
 * whatever ended the process or the machine. A file is the picture's bytes, and after
 * them a checksum of its name and them. Only one thread at a time may change anything.
 */
final class PictureFiles {

	static final int FOLDERS = 256;

	/** More than AkashGen's are taken with. */
	private static final int MAX_BYTES = 32 * 1024 * 1024;

	/**
	 * A younger one may be another service's that is at work here still, while it hands
	 * over to this one.
	 */
	private static final Duration LEFT_OVER = Duration.ofMinutes(1);

	private static final HexFormat HEX = HexFormat.of();

	private final Path directory;

	private final Path temporary;

	PictureFiles(Path directory) {
		this.directory = directory;
		this.temporary = directory.resolve("new-" + UUID.randomUUID() + ".tmp");
	}

	/**
	 * Make the directory, see that it can be written to, and clear away what was being
	 * written when a service ended.
	 */
	void prepare() throws IOException {
		Files.createDirectories(this.directory);
		Files.write(this.temporary, new byte[1]);
		Files.delete(this.temporary);
		Instant leftOver = Instant.now().minus(LEFT_OVER);
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.directory, "new-*.tmp")) {
			for (Path file : files) {
				if (Files.getLastModifiedTime(file).toInstant().isBefore(leftOver)) {
					Files.deleteIfExists(file);
				}
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
	}

	/**
	 * The picture of that name.
	 * @return {@code null} where there is none
	 * @throws BrokenPictureException if the file is not what was written here
	 */
	@Nullable Picture read(PictureName name) throws IOException {
		Path file = file(name);
		if (!Files.exists(file)) {
			return null;
		}
		// A stream, as an interrupt would close a channel.
		try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
			long length = Files.size(file) - Checksum.BYTES;
			byte[] bytes = content.readNBytes(Math.clamp(length, 0, MAX_BYTES));
			if (!Checksum.of(name, bytes).equals(ByteBuffer.wrap(content.readNBytes(Checksum.BYTES + 1)))) {
				throw new BrokenPictureException(file);
			}
			return Picture.of(bytes);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
		catch (IllegalArgumentException ex) {
			throw new BrokenPictureException(file);
		}
	}

	/**
	 * Write a picture, in the place of what may be there. It is not forced to the disk:
	 * that takes as long as writing dozens. A power cut within the next half minute may
	 * leave half of it, which is not taken for a picture, and AkashGen still has it then.
	 */
	void write(PictureName name, Picture picture) throws IOException {
		Path file = file(name);
		if (!Files.isDirectory(folder(name.folder()))) {
			Files.createDirectories(folder(name.folder()));
		}
		try {
			writeTemporary(ByteBuffer.wrap(picture.bytes()), Checksum.of(name, picture.bytes()));
			Files.move(this.temporary, file, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			deleteTemporary(ex);
			throw ex;
		}
	}

	private void writeTemporary(ByteBuffer... content) throws IOException {
		try (FileChannel channel = FileChannel.open(this.temporary, StandardOpenOption.CREATE,
				StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
			while (content[content.length - 1].hasRemaining()) {
				channel.write(content);
			}
		}
	}

	/** On a full disk, it would be in the way of everything else. */
	private void deleteTemporary(IOException reason) {
		try {
			Files.deleteIfExists(this.temporary);
		}
		catch (IOException ex) {
			reason.addSuppressed(ex);
		}
	}

	void delete(PictureName name) throws IOException {
		Files.deleteIfExists(file(name));
	}

	/**
	 * Have a file's time say that it was used now. If it does not, the file goes sooner.
	 */
	void touch(PictureName name) {
		var _ = file(name).toFile().setLastModified(System.currentTimeMillis());
	}

	/**
	 * The pictures in one of the folders, whole or not.
	 * @param folder its number
	 */
	List<Found> list(int folder) throws IOException {
		List<Found> found = new ArrayList<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(folder))) {
			for (Path file : files) {
				PictureName name = PictureName.parse(file.getFileName().toString());
				if (name != null && name.folder() == folder) {
					addTo(found, name, file);
				}
			}
		}
		catch (NoSuchFileException | NotDirectoryException ex) {
			return found;
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		return found;
	}

	private static void addTo(List<Found> found, PictureName name, Path file) throws IOException {
		try {
			BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class,
					LinkOption.NOFOLLOW_LINKS);
			if (attributes.isRegularFile()) {
				found.add(new Found(name, attributes.size(), attributes.lastModifiedTime().toMillis()));
			}
		}
		catch (NoSuchFileException ex) {
			// An operator may delete what he likes, at any time.
		}
	}

	/** What a picture takes on the disk. */
	static long length(Picture picture) {
		return picture.bytes().length + (long) Checksum.BYTES;
	}

	private Path folder(int folder) {
		return this.directory.resolve(HEX.toHexDigits((byte) folder));
	}

	private Path file(PictureName name) {
		return folder(name.folder()).resolve(name.toString());
	}

	/**
	 * A file of a picture's name.
	 *
	 * @param name its name
	 * @param bytes its length
	 * @param usedAt when it was last used, in milliseconds since 1970
	 */
	record Found(PictureName name, long bytes, long usedAt) {
	}

}
