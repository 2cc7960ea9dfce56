package io.github.akashgen2api.images;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.ImageInspector;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.UncommittedImage;
import io.github.akashgen2api.web.Sha256;

/**
 * Writes one image to a temporary file, which is given its name when it is complete.
 */
final class ImageFileWriter extends OutputStream implements UncommittedImage {

	private final ImageDirectory directory;

	private final WriteBudget budget;

	private final StoreSweeper sweeper;

	private final Path temporary;

	/** Not an interruptible channel: an interrupt would close it. */
	private final RandomAccessFile file;

	private final StoredImageListener listener;

	private final ImageInspector inspector = new ImageInspector();

	private final MessageDigest digest = Sha256.newDigest();

	/** In steps of the write budget. */
	private int reserved;

	private boolean isOpen = true;

	ImageFileWriter(ImageDirectory directory, WriteBudget budget, StoreSweeper sweeper, Path temporary,
			StoredImageListener listener) throws IOException {
		this.directory = directory;
		this.budget = budget;
		this.sweeper = sweeper;
		this.temporary = temporary;
		this.listener = listener;
		this.file = new RandomAccessFile(temporary.toFile(), "rw");
	}

	@Override
	public void write(int one) {
		write(new byte[] { (byte) one }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) {
		while (this.inspector.length() + length > (long) this.reserved * WriteBudget.STEP) {
			this.budget.acquire();
			this.reserved++;
		}
		try {
			writeToFile(bytes, offset, length);
		}
		catch (IOException ex) {
			throw failed(ex);
		}
		this.inspector.inspect(bytes, offset, length);
		this.digest.update(bytes, offset, length);
		this.sweeper.written(length);
	}

	private void writeToFile(byte[] bytes, int offset, int length) throws IOException {
		try {
			this.file.write(bytes, offset, length);
		}
		catch (IOException ex) {
			if (!this.sweeper.makeRoom(ex)) {
				throw ex;
			}
			this.file.seek(this.inspector.length());
			this.file.write(bytes, offset, length);
		}
	}

	@Override
	public void commit(JobId id) {
		commit(id, ImageFileName.of(id));
	}

	/**
	 * Store what was written under a name.
	 * @param id the job whose image it is
	 */
	StoredImage commit(JobId id, ImageFileName name) {
		ImageFormat format = this.inspector.format();
		try {
			this.file.close();
			StoredImage image = this.directory.store(this.temporary, name, format, this.inspector.length());
			this.isOpen = false;
			this.budget.release(this.reserved);
			this.sweeper.stored(image.length());
			this.listener.stored(id, HexFormat.of().formatHex(this.digest.digest()));
			return image;
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	private ImageStorageException failed(IOException ex) {
		this.directory.failed(ex);
		return new ImageStorageException(ex);
	}

	@Override
	public void close() {
		if (!this.isOpen) {
			return;
		}
		this.isOpen = false;
		try (this.file) {
			Files.deleteIfExists(this.temporary);
		}
		catch (IOException ex) {
			// The next process removes it.
		}
		this.budget.release(this.reserved);
		this.sweeper.discarded(this.inspector.length());
	}

}
