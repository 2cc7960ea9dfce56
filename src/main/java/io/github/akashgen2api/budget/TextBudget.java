package io.github.akashgen2api.budget;

import java.util.concurrent.atomic.AtomicLong;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The memory for the text of all requests, in bytes. A request holds its share from its
 * first byte until AkashGen has received its text.
 */
@Component
public class TextBudget {

	private final FairBudget bytes;

	@Autowired
	TextBudget(BudgetProperties properties) {
		this(properties.textBytes());
	}

	/**
	 * Create an unused budget.
	 */
	public TextBudget(long bytes) {
		this.bytes = new FairBudget(bytes);
	}

	/**
	 * Open a hold for one request.
	 * @param key identifies the client
	 * @return a hold of 0 bytes
	 */
	public Hold open(String key) {
		return new Hold(key);
	}

	/**
	 * The share of one request.
	 */
	public final class Hold implements AutoCloseable {

		private final String key;

		private final AtomicLong held = new AtomicLong();

		private Hold(String key) {
			this.key = key;
		}

		/**
		 * Hold more bytes.
		 * @throws TooMuchTextException if the budget is exhausted
		 */
		public void add(long bytes) {
			if (!TextBudget.this.bytes.tryAcquire(this.key, bytes)) {
				throw new TooMuchTextException();
			}
			this.held.addAndGet(bytes);
		}

		/** Release everything. Has no effect when repeated. */
		@Override
		public void close() {
			TextBudget.this.bytes.release(this.key, this.held.getAndSet(0));
		}

	}

}
