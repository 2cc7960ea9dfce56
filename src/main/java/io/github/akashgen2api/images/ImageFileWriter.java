package io.github.akashgen2api.images;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;

import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.ImageInspector;
import io.github.akashgen2api.akash.ImageStorageException;
import io.github.akashgen2api.akash.ImageWriter;
import io.github.akashgen2api.akash.JobId;

/**
 * Writes one image to a temporary file, which takes its place when it is whole.
 */
final class ImageFileWriter extends OutputStream implements ImageWriter {

	/** The bytes are reserved in steps, so that this costs little. */
	private static final int STEP = 64 * 1024;

	private final ImageDirectory directory;

	private final Path temporary;

	/** Not an interruptible channel: an interrupt would close it. */
	private final RandomAccessFile file;

	private final ImageInspector inspector = new ImageInspector();

	private int reserved;

	private long counted;

	private boolean isOpen = true;

	/**
	 * Begin to write.
	 */
	ImageFileWriter(ImageDirectory directory, Path temporary) throws IOException {
		this.directory = directory;
		this.temporary = temporary;
		this.file = new RandomAccessFile(temporary.toFile(), "rw");
	}

	@Override
	public void write(int one) {
		write(new byte[] { (byte) one }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) {
		while (this.inspector.length() + length > this.reserved) {
			this.directory.reserve(STEP);
			this.reserved += STEP;
		}
		try {
			writeToFile(bytes, offset, length);
		}
		catch (IOException ex) {
			throw failed(ex);
		}
		this.inspector.inspect(bytes, offset, length);
		this.counted += length;
		this.directory.arrived(length);
	}

	private void writeToFile(byte[] bytes, int offset, int length) throws IOException {
		try {
			this.file.write(bytes, offset, length);
		}
		catch (IOException ex) {
			if (!this.directory.makeRoom(ex)) {
				throw ex;
			}
			this.file.seek(this.inspector.length());
			this.file.write(bytes, offset, length);
		}
	}

	@Override
	public void commit(JobId id) {
		commit(ImageFileName.of(id));
	}

	/**
	 * Keep what was written under a name.
	 */
	StoredImage commit(ImageFileName name) {
		ImageFormat format = this.inspector.format();
		try {
			this.file.close();
			StoredImage image = this.directory.keep(this.temporary, name, format, this.inspector.length());
			this.counted = 0;
			return image;
		}
		catch (IOException ex) {
			throw failed(ex);
		}
		finally {
			close();
		}
	}

	private ImageStorageException failed(IOException ex) {
		this.directory.failed(ex);
		return new ImageStorageException(ex);
	}

	@Override
	public void close() {
		if (this.isOpen) {
			this.isOpen = false;
			this.directory.discard(this.temporary, this.file);
			this.directory.arrived(-this.counted);
			this.directory.release(this.reserved);
		}
	}

}
