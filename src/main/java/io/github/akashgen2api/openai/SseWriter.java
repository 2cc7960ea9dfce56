package io.github.akashgen2api.openai;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/**
 * Writes an answer as server-sent events. Each event is flushed, as Open WebUI's browser
 * side loses an event that does not end with its packet. There are no {@code id} and
 * {@code retry} fields: after them, OpenAI's Python SDK fails at comments.
 */
public final class SseWriter {

	private static final String MEDIA_TYPE = "text/event-stream";

	private static final CharacterEscapes LINE_ENDS = new LineEnds();

	private static final String ERROR_CHUNKS = SseWriter.class.getName() + ".errorChunks";

	private static final String FAILED = "Image generation failed";

	private final HttpServletResponse response;

	private final ObjectWriter json;

	private boolean hasData;

	private SseWriter(HttpServletResponse response, JsonMapper json) {
		this.response = response;
		this.json = json.writer()
			.with(LINE_ENDS)
			.withoutFeatures(StreamWriteFeature.AUTO_CLOSE_TARGET, StreamWriteFeature.FLUSH_PASSED_TO_STREAM);
	}

	static SseWriter open(HttpServletResponse response, JsonMapper json) throws IOException {
		response.setContentType(MEDIA_TYPE + ";charset=utf-8");
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
		// Keeps nginx from buffering the events.
		response.setHeader("X-Accel-Buffering", "no");
		response.flushBuffer();
		return new SseWriter(response, json);
	}

	/**
	 * End a committed response with an error event. Has no effect if it is not a response
	 * of events.
	 * @param error the error in OpenAI's shape
	 * @param message the error's message
	 */
	public static void writeError(HttpServletRequest request, HttpServletResponse response, JsonMapper json,
			Object error, String message) {
		String type = response.getContentType();
		if (type == null || !type.startsWith(MEDIA_TYPE)) {
			return;
		}
		try {
			SseWriter events = new SseWriter(response, json);
			if (request.getAttribute(ERROR_CHUNKS) instanceof ChunkFactory chunks) {
				events
					.data(chunks.error(Markdown.text(message.startsWith(FAILED) ? message : FAILED + ": " + message)));
			}
			events.event("error", error);
		}
		catch (IOException ex) {
			// The client has disconnected.
		}
	}

	/**
	 * Send an error of this request as a chunk too, before the error event.
	 */
	static void sendErrorsAsContent(ChunkFactory chunks, HttpServletRequest request) {
		request.setAttribute(ERROR_CHUNKS, chunks);
	}

	void comment(String text) throws IOException {
		write(": " + text, null);
	}

	void data(Object data) throws IOException {
		write("data: ", data);
		this.hasData = true;
	}

	/**
	 * An event with a name of its own. Its data may contain images, which are streamed
	 * from their files.
	 */
	void event(String name, Object data) throws IOException {
		write("event: " + name + "\ndata: ", data);
		this.hasData = true;
	}

	/** Whether an event was written that is not a comment. */
	boolean hasData() {
		return this.hasData;
	}

	void done() throws IOException {
		write("data: [DONE]", null);
	}

	private void write(String text, @Nullable Object data) throws IOException {
		try {
			OutputStream out = new Packets(this.response.getOutputStream());
			out.write(text.getBytes(StandardCharsets.UTF_8));
			if (data != null) {
				this.json.writeValue(out, data);
			}
			out.write('\n');
			out.write('\n');
			out.flush();
		}
		catch (JacksonIOException ex) {
			throw ex.getCause();
		}
		this.response.flushBuffer();
	}

	/**
	 * Writes an event at once, unless it contains an image. Bypasses the container's
	 * buffer, which each stream would hold until its end.
	 */
	private static final class Packets extends OutputStream {

		private static final int SIZE = 64 * 1024;

		private final ServletOutputStream out;

		private final ByteArrayOutputStream next = new ByteArrayOutputStream(256);

		Packets(ServletOutputStream out) {
			this.out = out;
		}

		@Override
		public void write(int next) {
			this.next.write(next);
		}

		@Override
		public void write(byte[] bytes, int offset, int count) throws IOException {
			this.next.write(bytes, offset, count);
			if (this.next.size() > SIZE) {
				flush();
			}
		}

		@Override
		public void flush() throws IOException {
			this.out.write(ByteBuffer.wrap(this.next.toByteArray()));
			this.next.reset();
		}

	}

	/** Escapes the characters that Python takes for line ends. */
	private static final class LineEnds extends CharacterEscapes {

		@Override
		public int[] getEscapeCodesForAscii() {
			return standardAsciiEscapesForJSON();
		}

		@Override
		public @Nullable SerializableString getEscapeSequence(int character) {
			return switch (character) {
				case 0x85, 0x2028, 0x2029 -> new SerializedString("\\u%04x".formatted(character));
				default -> null;
			};
		}

	}

}
