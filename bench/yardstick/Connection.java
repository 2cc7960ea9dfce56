import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** HTTP/1.1, as far as {@link Yardstick} needs it: one message after the other, with a length or in chunks. */
final class Connection implements Closeable {

	private final Socket socket;

	private final byte[] buffer = new byte[16 * 1024];

	private int from;

	private int to;

	private String head = "";

	private boolean chunked;

	/** Bytes left of the body, or of its chunk. */
	private long left;

	Connection(Socket socket) throws IOException {
		this.socket = socket;
		socket.setTcpNoDelay(true);
	}

	void send(String head, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		String message = head + "Content-Length: " + bytes.length + "\r\n\r\n" + body;
		this.socket.getOutputStream().write(message.getBytes(StandardCharsets.UTF_8));
	}

	/** Whether there is another message. */
	boolean readHead() throws IOException {
		if (this.from == this.to && !receive()) {
			return false;
		}
		StringBuilder lines = new StringBuilder();
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			lines.append(line).append('\n');
		}
		this.head = lines.toString();
		this.chunked = header("Transfer-Encoding").equals("chunked");
		String length = header("Content-Length");
		this.left = this.chunked ? nextChunk() : length.isEmpty() ? 0 : Long.parseLong(length);
		return true;
	}

	boolean startsWith(String start) {
		return this.head.startsWith(start);
	}

	String header(String name) {
		int at = this.head.indexOf("\n" + name + ": ");
		int value = at + name.length() + 3;
		return (at < 0) ? "" : this.head.substring(value, this.head.indexOf('\n', value));
	}

	String readAll() throws IOException {
		StringBuilder text = new StringBuilder();
		for (int length = available(); length > 0; length = available()) {
			text.append(new String(this.buffer, this.from, length, StandardCharsets.UTF_8));
			consume(length);
		}
		return text.toString();
	}

	/** The text before that mark, which is read too. */
	String readUntil(String mark) throws IOException {
		StringBuilder text = new StringBuilder();
		while (text.length() < mark.length() || text.indexOf(mark, text.length() - mark.length()) < 0) {
			if (available() == 0) {
				throw new EOFException("No " + mark + " in " + text);
			}
			text.append((char) this.buffer[this.from]);
			consume(1);
		}
		return text.substring(0, text.length() - mark.length());
	}

	void transferTo(OutputStream out) throws IOException {
		for (int length = available(); length > 0; length = available()) {
			out.write(this.buffer, this.from, length);
			consume(length);
		}
	}

	/** Decode base64 up to a quotation mark. */
	void decodeTo(OutputStream out) throws IOException {
		byte[] piece = new byte[12 * 1024];
		boolean ended = false;
		while (!ended) {
			int length = 0;
			while (length < piece.length && !ended) {
				int readable = available();
				int end = this.from + Math.min(readable, piece.length - length);
				int at = this.from;
				while (at < end && this.buffer[at] != '"') {
					at++;
				}
				ended = at < end || at == this.from;
				System.arraycopy(this.buffer, this.from, piece, length, at - this.from);
				length += at - this.from;
				consume(at - this.from);
			}
			out.write(Base64.getDecoder().decode(ended ? Arrays.copyOf(piece, length) : piece));
		}
	}

	/** How many bytes of the body are in the buffer; 0 at its end. */
	private int available() throws IOException {
		if (this.left > 0 && this.from == this.to && !receive()) {
			throw new EOFException("A body is cut");
		}
		return (int) Math.min(this.left, this.to - this.from);
	}

	private void consume(int length) throws IOException {
		this.from += length;
		this.left -= length;
		if (this.left == 0 && length > 0 && this.chunked) {
			readLine();
			this.left = nextChunk();
		}
	}

	private long nextChunk() throws IOException {
		long length = Long.parseLong(readLine(), 16);
		if (length == 0) {
			readLine();
			this.chunked = false;
		}
		return length;
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		while (true) {
			if (this.from == this.to && !receive()) {
				throw new EOFException("A message is cut");
			}
			char next = (char) this.buffer[this.from++];
			if (next == '\n') {
				return line.substring(0, line.length() - 1);
			}
			line.append(next);
		}
	}

	private boolean receive() throws IOException {
		this.from = 0;
		this.to = Math.max(0, this.socket.getInputStream().read(this.buffer));
		return this.to > 0;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
