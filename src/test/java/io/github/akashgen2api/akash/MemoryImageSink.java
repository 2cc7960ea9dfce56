package io.github.akashgen2api.akash;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps images in memory, for tests, and counts those that are neither kept nor
 * discarded.
 */
final class MemoryImageSink implements ImageSink {

	final Map<JobId, byte[]> images = new ConcurrentHashMap<>();

	final AtomicInteger open = new AtomicInteger();

	@Override
	public UncommittedImage open() {
		this.open.incrementAndGet();
		return new Writer();
	}

	private final class Writer implements UncommittedImage {

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private final ImageInspector inspector = new ImageInspector();

		private boolean isClosed;

		@Override
		public void write(byte[] bytes, int offset, int length) {
			this.bytes.write(bytes, offset, length);
			this.inspector.inspect(bytes, offset, length);
		}

		@Override
		public void commit(JobId id) {
			this.inspector.format();
			MemoryImageSink.this.images.put(id, this.bytes.toByteArray());
		}

		@Override
		public void close() {
			if (!this.isClosed) {
				this.isClosed = true;
				MemoryImageSink.this.open.decrementAndGet();
			}
		}

	}

}
