package io.github.akashgen2api.openai;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/**
 * Writes an answer as server-sent events. Each event is flushed, as Open WebUI's browser
 * side loses an event that does not end with its packet. There are no {@code id} and
 * {@code retry} fields: after them, OpenAI's Python SDK fails at comments.
 */
public final class SseWriter {

	private static final String MEDIA_TYPE = "text/event-stream";

	private static final Pattern LINE_ENDS = Pattern.compile("[\\x{85}\\x{2028}\\x{2029}]");

	private static final String ERROR_CHUNKS = SseWriter.class.getName() + ".errorChunks";

	private static final String FAILED = "Image generation failed";

	private final HttpServletResponse response;

	private final JsonMapper json;

	private boolean hasData;

	private SseWriter(HttpServletResponse response, JsonMapper json) {
		this.response = response;
		this.json = json;
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
			events.write("event: error\ndata: " + events.line(error));
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
		write(": " + text);
	}

	void data(Object data) throws IOException {
		write("data: " + line(data));
		this.hasData = true;
	}

	/** An event with a name of its own. */
	void event(String name, Object data) throws IOException {
		write("event: " + name + "\ndata: " + line(data));
		this.hasData = true;
	}

	/** Whether an event was written that is not a comment. */
	boolean hasData() {
		return this.hasData;
	}

	void done() throws IOException {
		write("data: [DONE]");
	}

	/** JSON without the characters that Python takes for line ends. */
	private String line(Object data) {
		return LINE_ENDS.matcher(this.json.writeValueAsString(data))
			.replaceAll((end) -> "\\\\u%04x".formatted((int) end.group().charAt(0)));
	}

	/** Bypasses the container's buffer, which each stream would hold until its end. */
	private void write(String event) throws IOException {
		this.response.getOutputStream().write(StandardCharsets.UTF_8.encode(event + "\n\n"));
		this.response.flushBuffer();
	}

}
