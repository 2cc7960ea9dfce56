package io.github.akashgen2api.budget;

import java.util.concurrent.atomic.AtomicLong;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The memory for what callers say, in bytes: while a request is read, and until AkashGen
 * has taken its words.
 */
@Component
public class TextBudget {

	private final FairBudget bytes;

	@Autowired
	TextBudget(BudgetProperties properties) {
		this(properties.textBytes());
	}

	/**
	 * Create a budget of which nothing is used.
	 */
	public TextBudget(long bytes) {
		this.bytes = new FairBudget(bytes);
	}

	/**
	 * Begin to hold text.
	 * @param key identifies the caller
	 * @return holds nothing yet
	 */
	public Hold open(String key) {
		return new Hold(key);
	}

	/**
	 * Text of one request.
	 */
	public final class Hold implements AutoCloseable {

		private final String key;

		private final AtomicLong held = new AtomicLong();

		private Hold(String key) {
			this.key = key;
		}

		/**
		 * Hold more.
		 * @throws TooMuchTextException if that is more than there is room for
		 */
		public void add(long bytes) {
			if (!TextBudget.this.bytes.tryAcquire(this.key, bytes)) {
				throw new TooMuchTextException();
			}
			this.held.addAndGet(bytes);
		}

		/** Hold nothing any longer. Has no effect when repeated. */
		@Override
		public void close() {
			TextBudget.this.bytes.release(this.key, this.held.getAndSet(0));
		}

	}

}
