package io.github.akashgen2api.akash;

import java.util.Arrays;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/**
 * An image in base64 on its way to an {@link ImageSink}.
 */
final class Base64Image implements JsonScanner.Base64Target, AutoCloseable {

	private final ImageSink sink;

	private @Nullable UncommittedImage writer;

	private boolean hasEnded;

	private @Nullable RuntimeException failure;

	Base64Image(ImageSink sink) {
		this.sink = sink;
	}

	@Override
	public void accept(byte[] base64, int length) {
		if (this.failure != null) {
			return;
		}
		try {
			if (this.hasEnded) {
				throw new IllegalArgumentException("base64 goes on after its end");
			}
			byte[] bytes = Base64.getDecoder().decode(Arrays.copyOf(base64, length));
			this.hasEnded = base64[length - 1] == '=' || length % 4 != 0;
			if (this.writer == null) {
				this.writer = this.sink.open();
			}
			this.writer.write(bytes, 0, bytes.length);
		}
		catch (IllegalArgumentException | ImageStorageException ex) {
			this.failure = ex;
			close();
		}
	}

	/**
	 * Keep it as the image of a job. One that cannot be stored is asked for again, and
	 * reported then.
	 */
	ImageLocation commit(JobId id) {
		try {
			if (this.failure != null) {
				throw this.failure;
			}
			if (this.writer == null) {
				return new ImageLocation.Invalid("empty");
			}
			this.writer.commit(id);
		}
		catch (IllegalArgumentException | InvalidImageException ex) {
			return new ImageLocation.Invalid(String.valueOf(ex.getMessage()));
		}
		catch (ImageStorageException ex) {
			return new ImageLocation.Inline();
		}
		return new ImageLocation.Inline();
	}

	@Override
	public void close() {
		if (this.writer != null) {
			this.writer.close();
		}
	}

}
