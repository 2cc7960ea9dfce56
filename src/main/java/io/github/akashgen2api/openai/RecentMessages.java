package io.github.akashgen2api.openai;

import java.util.ArrayList;

import org.jspecify.annotations.Nullable;

/**
 * A conversation while it is read. Only the texts that AkashGen heeds are kept, those of
 * the last three messages in which something is said: histories are long, and all that is
 * kept of them is kept for as long as the image is waited for. Of the first and the last
 * instruction, the start is kept; all of the last where the user says nothing.
 */
final class RecentMessages extends ArrayList<@Nullable ChatMessage> {

	/** Stands for a text that is not kept. */
	static final String FORGOTTEN = "…";

	/** Of instructions, which only tell an app's own requests, the start suffices. */
	static final int START = 300;

	private final int[] heeded = { -1, -1, -1 };

	private int said;

	private boolean isUserHeard;

	private int firstInstruction = -1;

	private int lastInstruction = -1;

	@Override
	public boolean add(@Nullable ChatMessage message) {
		if (message == null) {
			return super.add(null);
		}
		if (message.isInstruction() && !message.text().isEmpty()) {
			return addInstruction(message);
		}
		if (message.said().isEmpty()) {
			return super.add(message.withText(null));
		}
		if (message.isFromUser()) {
			this.isUserHeard = true;
			shorten(this.lastInstruction);
		}
		int oldest = this.said++ % this.heeded.length;
		if (this.heeded[oldest] >= 0) {
			forget(this.heeded[oldest]);
		}
		this.heeded[oldest] = size();
		return super.add(message);
	}

	private boolean addInstruction(ChatMessage message) {
		if (this.lastInstruction == this.firstInstruction) {
			shorten(this.lastInstruction);
		}
		else {
			set(this.lastInstruction, message.withText(null));
		}
		this.lastInstruction = size();
		this.firstInstruction = (this.firstInstruction < 0) ? this.lastInstruction : this.firstInstruction;
		super.add(message);
		if (this.isUserHeard) {
			shorten(this.lastInstruction);
		}
		return true;
	}

	private void shorten(int index) {
		ChatMessage message = (index >= 0) ? get(index) : null;
		if (message != null) {
			String text = message.text();
			set(index, message.withText(text.substring(0, Math.min(START, text.length()))));
		}
	}

	/** That something was said still counts. */
	private void forget(int index) {
		ChatMessage message = get(index);
		if (message != null) {
			set(index, message.withText(FORGOTTEN));
		}
	}

}
