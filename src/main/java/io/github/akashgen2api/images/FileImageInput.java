package io.github.akashgen2api.images;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;

import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file for decoders that read single bytes and seek. It fails once the time for the
 * conversion is over: that ends decoders that do not heed {@code ImageReader.abort()}, as
 * they ask for the position even where a symbol takes no bits.
 */
final class FileImageInput extends ImageInputStreamImpl {

	/** The clock is looked at once in so many calls. */
	private static final int CALLS_A_LOOK = 1 << 14;

	private final FileChannel file;

	private final long length;

	private final long deadline;

	private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).limit(0);

	private long bufferStart;

	private int calls;

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

	/** Decoders of the JDK rely on as much as there is. */
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

	/** Whether there are bytes at the position, which the buffer then stands at. */
	private boolean fill() throws IOException {
		heedDeadline();
		long position = this.streamPos - this.bufferStart;
		if (position >= 0 && position < this.buffer.limit()) {
			this.buffer.position((int) position);
			return true;
		}
		this.bufferStart = this.streamPos;
		int count = this.file.read(this.buffer.clear(), this.streamPos);
		this.buffer.flip();
		return count > 0;
	}

	private void heedDeadline() throws IOException {
		if (++this.calls % CALLS_A_LOOK == 0 && System.nanoTime() - this.deadline > 0) {
			throw new InterruptedIOException("The conversion takes too long");
		}
	}

	@Override
	public long getStreamPosition() throws IOException {
		heedDeadline();
		return super.getStreamPosition();
	}

	@Override
	public long length() {
		return this.length;
	}

	/** What lies behind the position. */
	long remaining() {
		return this.length - this.streamPos;
	}

	@Override
	public void close() throws IOException {
		super.close();
		this.file.close();
	}

}
