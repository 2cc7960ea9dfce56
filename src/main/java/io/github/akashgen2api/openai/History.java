package io.github.akashgen2api.openai;

import java.util.ArrayList;

import org.jspecify.annotations.Nullable;

/**
 * A conversation while it is read. Only the texts that AkashGen heeds are kept, those of
 * the last three messages in which something is said: histories are long, and all that is
 * kept of them is kept for as long as the picture is waited for.
 */
final class History extends ArrayList<@Nullable ChatMessage> {

	private final int[] heeded = { -1, -1, -1 };

	private int said;

	@Override
	public boolean add(@Nullable ChatMessage message) {
		if (message == null) {
			return super.add(null);
		}
		if (message.said().isEmpty()) {
			return super.add(message.withText(null));
		}
		int oldest = this.said++ % this.heeded.length;
		if (this.heeded[oldest] >= 0) {
			forget(this.heeded[oldest]);
		}
		this.heeded[oldest] = size();
		return super.add(message);
	}

	/** That something was said still counts. */
	private void forget(int index) {
		ChatMessage message = get(index);
		if (message != null) {
			set(index, message.withText("…"));
		}
	}

}
