package io.github.akashgen2api.akash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * JSON as it comes in, without the pictures in it: each data URL's base64 is decoded at
 * once, and a short mark is left in its place. One answer may hold fifty pictures, many
 * answers come at a time, and as text each picture would be held several times over.
 * <p>
 * What is not plainly a picture (with an escape inside, or no base64) is left as it is;
 * what plainly is one is taken out wherever in the JSON it stands.
 */
final class InlinePictures extends InputStream {

	private static final byte[] BEGINNING = "\"data:image/".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ENCODING = ";base64,".getBytes(StandardCharsets.US_ASCII);

	private static final int CHUNK = 16 * 1024;

	private final InputStream source;

	private final int limit;

	private final PictureShelf shelf;

	private final byte[] chunk = new byte[CHUNK];

	private final Buffer base64 = new Buffer();

	private final Buffer left = new Buffer();

	private int given;

	private int taken;

	/** How much of a data URL's beginning was seen; all of it within the base64. */
	private int seen;

	/**
	 * Prepare to read.
	 * @param source the JSON
	 * @param limit how many characters of base64 are taken out at most; more of them is
	 * an {@link IOException}
	 * @param shelf where the pictures' bytes go, each by the mark that is left
	 */
	InlinePictures(InputStream source, int limit, PictureShelf shelf) {
		this.source = source;
		this.limit = limit;
		this.shelf = shelf;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		while (this.given == this.left.size()) {
			int count = this.source.read(this.chunk);
			if (count < 0) {
				return -1;
			}
			this.given = 0;
			this.left.reset();
			for (int i = 0; i < count;) {
				i = isInPicture() ? takePicture(i, count) : leave(i, count);
			}
		}
		int count = Math.min(length, this.left.size() - this.given);
		this.left.written().get(this.given, target, offset, count);
		this.given += count;
		return count;
	}

	@Override
	public void close() throws IOException {
		this.source.close();
	}

	private boolean isInPicture() {
		return this.seen == BEGINNING.length + ENCODING.length;
	}

	private int leave(int start, int end) {
		int position = start;
		while (position < end && !isInPicture()) {
			this.seen = seenWith(this.chunk[position++]);
		}
		this.left.write(this.chunk, start, position - start);
		return position;
	}

	private int seenWith(byte next) {
		boolean isBeginning = this.seen < BEGINNING.length;
		byte expected = isBeginning ? BEGINNING[this.seen] : ENCODING[this.seen - BEGINNING.length];
		if (next == expected) {
			return this.seen + 1;
		}
		if (this.seen == BEGINNING.length && isOfSubtype(next)) {
			return this.seen;
		}
		return (next == '"') ? 1 : 0;
	}

	private static boolean isOfSubtype(byte next) {
		return (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9') || ".+-".indexOf(next) >= 0;
	}

	private int takePicture(int start, int end) throws IOException {
		int position = start;
		while (position < end && this.chunk[position] != '"' && this.chunk[position] != '\\') {
			position++;
		}
		this.base64.write(this.chunk, start, position - start);
		this.taken += position - start;
		if (this.taken > this.limit) {
			throw new IOException("More pictures than are taken");
		}
		if (position == end) {
			return position;
		}
		if (this.chunk[position] != '"' || !isTaken()) {
			this.base64.writeTo(this.left);
		}
		this.base64.reset();
		this.seen = 0;
		return position;
	}

	private boolean isTaken() {
		try {
			ByteBuffer decoded = Base64.getDecoder().decode(this.base64.written());
			byte[] picture = new byte[decoded.remaining()];
			decoded.get(picture);
			this.left.writeBytes(this.shelf.put(picture).getBytes(StandardCharsets.US_ASCII));
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/** Its bytes are read where they are. */
	private static final class Buffer extends ByteArrayOutputStream {

		ByteBuffer written() {
			return ByteBuffer.wrap(this.buf, 0, this.count);
		}

	}

}
