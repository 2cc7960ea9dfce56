package io.github.akashgen2api.images;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file for decoders that read single bytes and seek. It fails once the time limit of
 * the conversion is over. That stops decoders which ignore {@code ImageReader.abort()},
 * as they ask for the position even if a symbol takes no bits.
 */
final class FileImageInput extends ImageInputStreamImpl {

	/** The clock is read once in so many calls. */
	private static final int CALLS_PER_CHECK = 1 << 14;

	/**
	 * Zeros after the end. The WebP decoder reads eight bytes for each bit. Without the
	 * zeros it would get an exception for each of the last bits, or for each pixel of an
	 * image of one colour.
	 */
	private static final int PADDING = 16;

	/** A truncated file would be read on, with an exception for each pixel. */
	private static final int MAX_READS_AFTER_END = 100;

	private final FileChannel file;

	private final long length;

	private final long deadline;

	private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).limit(0);

	private long bufferStart;

	private int calls;

	private int readsAfterEnd;

	FileImageInput(Path file, Duration timeLimit) throws IOException {
		this.file = FileChannel.open(file);
		this.length = this.file.size();
		this.deadline = System.nanoTime() + timeLimit.toNanos();
	}

	@Override
	public int read() throws IOException {
		this.bitOffset = 0;
		if (!fill()) {
			return -1;
		}
		this.streamPos++;
		return this.buffer.get() & 0xFF;
	}

	/** Decoders of the JDK rely on getting all bytes that there are. */
	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		this.bitOffset = 0;
		int done = 0;
		while (done < length && fill()) {
			int count = Math.min(length - done, this.buffer.remaining());
			this.buffer.get(bytes, offset + done, count);
			this.streamPos += count;
			done += count;
		}
		return (done == 0 && length > 0) ? -1 : done;
	}

	/** Whether there are bytes at the position; the buffer is then positioned there. */
	private boolean fill() throws IOException {
		checkDeadline();
		long position = this.streamPos - this.bufferStart;
		if (position >= 0 && position < this.buffer.limit()) {
			this.buffer.position((int) position);
			return true;
		}
		this.bufferStart = this.streamPos;
		int count = this.file.read(this.buffer.clear(), this.streamPos);
		this.buffer.flip();
		return count > 0 || isPadding();
	}

	/** Whether the position is just after the end; the buffer then holds zeros. */
	private boolean isPadding() throws IOException {
		if (this.streamPos < this.length + PADDING) {
			this.buffer.clear().limit((int) (this.length + PADDING - this.streamPos));
			for (int i = 0; i < this.buffer.limit(); i++) {
				this.buffer.put(i, (byte) 0);
			}
			return true;
		}
		if (++this.readsAfterEnd > MAX_READS_AFTER_END) {
			throw new IIOException("The file is cut");
		}
		return false;
	}

	private void checkDeadline() throws IOException {
		if (++this.calls % CALLS_PER_CHECK == 0 && System.nanoTime() - this.deadline > 0) {
			throw new InterruptedIOException("The conversion takes too long");
		}
	}

	@Override
	public long getStreamPosition() throws IOException {
		checkDeadline();
		return super.getStreamPosition();
	}

	/**
	 * Unknown to decoders: the WebP decoder refuses an image that is 2,048 times as large
	 * as its file, as images of one colour are.
	 */
	@Override
	public long length() {
		return -1;
	}

	/** The length of the file in bytes. */
	long fileLength() {
		return this.length;
	}

	/** The number of bytes after the position. */
	long remaining() {
		return this.length - this.streamPos;
	}

	@Override
	public void close() throws IOException {
		super.close();
		this.file.close();
	}

}
