package io.github.akashgen2api.web.body;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

import io.github.akashgen2api.budget.TextBudget;
import io.github.akashgen2api.budget.TooMuchTextException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Counts the memory of a request's text while the text is read and parsed, until the
 * queue of submits counts it.
 */
public final class TextCountingStream extends BulkInputStream {

	private static final String ATTRIBUTE = TextCountingStream.class.getName();

	/** Bytes in memory for one byte of the body, at most. */
	private static final int BYTES_PER_BYTE = 2;

	/**
	 * Maximum of one request. Of a longer conversation, only three texts are kept, while
	 * a fourth is read and its parts are joined, at two bytes a character.
	 */
	private static final long MAX_BYTES = 5L * 2 * TruncatingJsonStream.MAX_TEXT;

	private final TextBudget.Hold hold;

	private long counted;

	private TextCountingStream(InputStream json, TextBudget.Hold hold) {
		super(json);
		this.hold = hold;
	}

	/**
	 * Count the text of the current request.
	 * @return the JSON, whose reads throw {@link TooMuchTextException} if the budget is
	 * exhausted
	 */
	static TextCountingStream counting(InputStream json, TextBudget texts) {
		return new TextCountingStream(json, open(texts));
	}

	/** Open the hold of the current request, which {@link #release} closes. */
	static TextBudget.Hold open(TextBudget texts) {
		HttpServletRequest request = ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes())
			.getRequest();
		TextBudget.Hold hold = texts.open(Objects.requireNonNullElse(request.getRemoteUser(), ""));
		request.setAttribute(ATTRIBUTE, hold);
		return hold;
	}

	/**
	 * Stop counting the text of a request. Has no effect when repeated.
	 */
	public static void release(HttpServletRequest request) {
		if (request.getAttribute(ATTRIBUTE) instanceof TextBudget.Hold hold) {
			hold.close();
		}
	}

	/** Stop counting a request that could not be read. */
	void release() {
		this.hold.close();
	}

	@Override
	public int read(byte[] bytes, int offset, int count) throws IOException {
		int read = this.source.read(bytes, offset, count);
		count(read);
		return read;
	}

	private void count(int read) {
		long more = Math.min(MAX_BYTES - this.counted, (long) read * BYTES_PER_BYTE);
		if (more > 0) {
			this.hold.add(more);
			this.counted += more;
		}
	}

}
