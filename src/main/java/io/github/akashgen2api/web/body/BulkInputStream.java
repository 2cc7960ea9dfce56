package io.github.akashgen2api.web.body;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream over another one whose subclasses implement only the reading of many bytes.
 */
abstract class BulkInputStream extends InputStream {

	final InputStream source;

	BulkInputStream(InputStream source) {
		this.source = source;
	}

	@Override
	public final int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
	}

	@Override
	public abstract int read(byte[] bytes, int offset, int count) throws IOException;

	@Override
	public void close() throws IOException {
		this.source.close();
	}

}
