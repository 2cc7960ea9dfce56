package io.github.akashgen2api.openai;

import java.util.ArrayList;

import org.jspecify.annotations.Nullable;

/**
 * A conversation that drops old texts while it is read. Histories are long, and what is
 * kept stays in memory until the image is finished.
 * <p>
 * It keeps the last three texts of the user and the assistant, as AkashGen uses no more.
 * It also keeps the start of the first and of the last instruction, and all of the last
 * instruction as long as there is no text of the user.
 */
final class RecentMessages extends ArrayList<@Nullable ChatMessage> {

	/** Stands for a text that was dropped. */
	static final String DROPPED = "…";

	/** The start of an instruction suffices to recognise an app's auxiliary requests. */
	static final int INSTRUCTION_START = 300;

	private final int[] recent = { -1, -1, -1 };

	private int textCount;

	private boolean hasUserText;

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
		if (message.toMessage().isEmpty()) {
			return super.add(message.withText(null));
		}
		if (message.isFromUser()) {
			this.hasUserText = true;
			shorten(this.lastInstruction);
		}
		int oldest = this.textCount++ % this.recent.length;
		if (this.recent[oldest] >= 0) {
			drop(this.recent[oldest]);
		}
		this.recent[oldest] = size();
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
		if (this.hasUserText) {
			shorten(this.lastInstruction);
		}
		return true;
	}

	private void shorten(int index) {
		ChatMessage message = (index >= 0) ? get(index) : null;
		if (message != null) {
			String text = message.text();
			set(index, message.withText(text.substring(0, Math.min(INSTRUCTION_START, text.length()))));
		}
	}

	/** The message still counts as one with text. */
	private void drop(int index) {
		ChatMessage message = get(index);
		if (message != null) {
			set(index, message.withText(DROPPED));
		}
	}

}
