package io.github.akashgen2api.openai;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/**
 * An answer as server-sent events. Each is sent off on its own: Open WebUI's browser side
 * loses what does not end with the packet. There are no {@code id} and {@code retry}
 * fields, after which OpenAI's Python SDK fails at comments.
 */
public final class SseWriter {

	private static final String MEDIA_TYPE = "text/event-stream";

	private static final Pattern LINE_ENDS = Pattern.compile("[\\x{85}\\x{2028}\\x{2029}]");

	private static final String FAILURE_HEAD = SseWriter.class.getName() + ".failure";

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
		// So that nginx does not collect the events.
		response.setHeader("X-Accel-Buffering", "no");
		response.flushBuffer();
		return new SseWriter(response, json);
	}

	/**
	 * End an answer that has begun with an event that says what went wrong. One that has
	 * not begun as events cannot be mended, and is left.
	 * @param error what went wrong, in OpenAI's shape
	 * @param message the same in words
	 */
	public static void fail(HttpServletRequest request, HttpServletResponse response, JsonMapper json, Object error,
			String message) {
		String type = response.getContentType();
		if (type == null || !type.startsWith(MEDIA_TYPE)) {
			return;
		}
		try {
			SseWriter events = new SseWriter(response, json);
			if (request.getAttribute(FAILURE_HEAD) instanceof ChatCompletionChunk.Head head) {
				events
					.data(head.failure(Markdown.text(message.startsWith(FAILED) ? message : FAILED + ": " + message)));
			}
			events.write("event: error\ndata: " + events.line(error));
		}
		catch (IOException ex) {
			// The caller is gone.
		}
	}

	/**
	 * Say a failure as a piece of the answer too, before the event.
	 * @param head that of the other pieces
	 */
	static void tellFailureInTheAnswer(ChatCompletionChunk.Head head, HttpServletRequest request) {
		request.setAttribute(FAILURE_HEAD, head);
	}

	void comment(String text) throws IOException {
		write(": " + text);
	}

	void data(Object data) throws IOException {
		write("data: " + line(data));
		this.hasData = true;
	}

	/** Whether there was more than comments. */
	boolean hasData() {
		return this.hasData;
	}

	void done() throws IOException {
		write("data: [DONE]");
	}

	/** JSON without what Python's string functions take for the end of a line. */
	private String line(Object data) {
		return LINE_ENDS.matcher(this.json.writeValueAsString(data))
			.replaceAll((end) -> "\\\\u%04x".formatted((int) end.group().charAt(0)));
	}

	/** Past the container's buffer, which else each stream would keep to its end. */
	private void write(String event) throws IOException {
		this.response.getOutputStream().write(StandardCharsets.UTF_8.encode(event + "\n\n"));
		this.response.flushBuffer();
	}

}
