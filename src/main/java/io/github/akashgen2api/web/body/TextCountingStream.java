package io.github.akashgen2api.web.body;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

import io.github.akashgen2api.budget.TextBudget;
import io.github.akashgen2api.budget.TooMuchTextException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Counts the memory that a request's text takes from its first byte on, until somebody
 * else counts it.
 */
public final class TextWhileRead extends FilterInputStream {

	private static final String ATTRIBUTE = TextWhileRead.class.getName();

	/** A character in memory is at most twice as long as on the wire. */
	private static final int IN_MEMORY = 2;

	/**
	 * Of a conversation, three texts are kept, the next is being read, and its parts are
	 * being joined, in two bytes a character: histories may be longer, and are skipped.
	 */
	private static final long MOST = 5L * 2 * TruncatingJsonStream.MAX_TEXT;

	private final TextBudget.Hold hold;

	private long counted;

	private TextWhileRead(InputStream json, TextBudget.Hold hold) {
		super(json);
		this.hold = hold;
	}

	/**
	 * Count the text of the current request.
	 * @return the JSON, which throws {@link TooMuchTextException} as it is read where
	 * there is no room for it
	 */
	static TextWhileRead counting(InputStream json, TextBudget texts) {
		HttpServletRequest request = ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes())
			.getRequest();
		TextBudget.Hold hold = texts.open(Objects.requireNonNullElse(request.getRemoteUser(), ""));
		request.setAttribute(ATTRIBUTE, hold);
		return new TextWhileRead(json, hold);
	}

	/**
	 * Count the text of a request no longer: it is not held, or is counted elsewhere. Has
	 * no effect when repeated.
	 */
	public static void letGo(HttpServletRequest request) {
		if (request.getAttribute(ATTRIBUTE) instanceof TextBudget.Hold hold) {
			hold.close();
		}
	}

	/** The same for one that could not be read. */
	void letGo() {
		this.hold.close();
	}

	@Override
	public int read() throws IOException {
		int read = super.read();
		count((read < 0) ? 0 : 1);
		return read;
	}

	@Override
	public int read(byte[] bytes, int offset, int count) throws IOException {
		int read = super.read(bytes, offset, count);
		count(read);
		return read;
	}

	private void count(int read) {
		long more = Math.min(MOST - this.counted, (long) read * IN_MEMORY);
		if (more > 0) {
			this.hold.add(more);
			this.counted += more;
		}
	}

}
