package io.github.akashgen2api.web.body;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON without the fields that nobody reads, however long their names and however many,
 * deep or large their values are: a parser holds something for each, and refuses what
 * exceeds its limits. Of each object, the first such field becomes {@code "":0}, so that
 * it shows that there was one, and the others become spaces: a parser then tells the same
 * places. What a dropped field holds is not checked.
 */
final class FilteringJsonStream extends RewrittenJsonStream {

	/** Far more than a known name, each character written as an escape. */
	private static final int MAX_NAME = 256;

	private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9A-Fa-f]{4})");

	private final Set<String> known;

	private final Set<String> nested;

	private State state = State.STRUCTURE;

	/** How many objects and arrays are open; the parser bounds it. */
	private int depth;

	private final BitSet objects = new BitSet();

	/** The open objects that have lost a field. */
	private final BitSet marked = new BitSet();

	private boolean expectsName;

	private boolean isCommaDue;

	private boolean isEscaped;

	/** The name as it is written, but for what is beyond {@link #MAX_NAME}. */
	private final byte[] name = new byte[MAX_NAME];

	private int nameLength;

	/** Whether the field that is dropped is the first of its object. */
	private boolean isFirstDropped;

	/** How many objects and arrays are open in the value that is dropped. */
	private int droppedDepth;

	FilteringJsonStream(InputStream json, KnownFields fields) {
		// A name, its quotation marks and what stands in place of it.
		super(json, MAX_NAME + 8);
		this.known = Set.of(fields.value());
		this.nested = Set.of(fields.nested());
	}

	@Override
	void take(byte next) {
		switch (this.state) {
			case STRUCTURE -> structure(next);
			case STRING -> {
				emit(next);
				endString(next, State.STRUCTURE);
			}
			case NAME -> name(next);
			case BEFORE_DROPPED_COLON -> beforeDroppedColon(next);
			case BEFORE_DROPPED -> beforeDropped(next);
			case DROPPED_STRING -> {
				blank(next);
				endString(next, (this.droppedDepth > 0) ? State.DROPPED_CONTAINER : State.STRUCTURE);
			}
			case DROPPED_CONTAINER -> droppedContainer(next);
			case DROPPED_SCALAR -> droppedScalar(next);
		}
	}

	private void structure(byte next) {
		boolean isInObject = this.depth > 0 && this.objects.get(this.depth);
		if (isSpace(next)) {
			emit(next);
			return;
		}
		if (next == '"' && isInObject && this.expectsName) {
			this.nameLength = 0;
			this.state = State.NAME;
			return;
		}
		emitComma();
		if (next == ',' && isInObject) {
			this.expectsName = true;
			// Before a field that is dropped, there must be none.
			this.isCommaDue = this.marked.get(this.depth);
			if (this.isCommaDue) {
				return;
			}
		}
		emit(next);
		switch (next) {
			case '{', '[' -> {
				this.depth++;
				this.objects.set(this.depth, next == '{');
				this.marked.clear(this.depth);
				this.expectsName = next == '{';
			}
			case '}', ']' -> {
				this.depth = Math.max(0, this.depth - 1);
				this.expectsName = false;
			}
			case '"' -> this.state = State.STRING;
			default -> {
			}
		}
	}

	private void endString(byte next, State after) {
		if (this.isEscaped) {
			this.isEscaped = false;
		}
		else if (next == '\\') {
			this.isEscaped = true;
		}
		else if (next == '"') {
			this.state = after;
		}
	}

	private void name(byte next) {
		boolean isEnd = next == '"' && !this.isEscaped;
		if (!isEnd) {
			endString(next, State.NAME);
			if (this.nameLength == MAX_NAME) {
				drop();
				this.nameLength++;
			}
			if (this.nameLength < MAX_NAME) {
				this.name[this.nameLength++] = next;
			}
			else {
				blank(next);
			}
			return;
		}
		this.expectsName = false;
		if (this.nameLength > MAX_NAME) {
			emit((byte) ' ');
			this.state = State.BEFORE_DROPPED_COLON;
		}
		else if (isKnown()) {
			emitComma();
			emit((byte) '"');
			emit(this.name, this.nameLength);
			emit((byte) '"');
			this.state = State.STRUCTURE;
		}
		else {
			drop();
			emit((byte) ' ');
			this.state = State.BEFORE_DROPPED_COLON;
		}
	}

	private boolean isKnown() {
		String written = new String(this.name, 0, this.nameLength, StandardCharsets.UTF_8);
		String meant = (written.indexOf('\\') < 0) ? written : ESCAPE.matcher(written)
			.replaceAll(
					(escape) -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
		return ((this.depth == 1) ? this.known : this.nested).contains(meant);
	}

	/** Put what stands for it in place of the name so far. */
	private void drop() {
		this.isFirstDropped = !this.marked.get(this.depth);
		this.marked.set(this.depth);
		if (this.isFirstDropped) {
			emit((byte) '"');
			emit((byte) '"');
		}
		else {
			emit((byte) ' ');
		}
		if (this.isCommaDue) {
			this.isCommaDue = false;
			emit((byte) ' ');
		}
		for (int i = 0; i < this.nameLength - (this.isFirstDropped ? 1 : 0); i++) {
			blank(this.name[i]);
		}
	}

	private void beforeDroppedColon(byte next) {
		if (next == ':') {
			emit(this.isFirstDropped ? next : (byte) ' ');
			this.state = State.BEFORE_DROPPED;
		}
		else {
			emitUnlessSpaceAndGoOn(next);
		}
	}

	private void beforeDropped(byte next) {
		if (isSpace(next) || ",:}]".indexOf(next) >= 0) {
			emitUnlessSpaceAndGoOn(next);
			return;
		}
		emit(this.isFirstDropped ? (byte) '0' : (byte) ' ');
		this.droppedDepth = (next == '{' || next == '[') ? 1 : 0;
		this.state = switch (next) {
			case '"' -> State.DROPPED_STRING;
			case '{', '[' -> State.DROPPED_CONTAINER;
			default -> State.DROPPED_SCALAR;
		};
	}

	/** For the parser to refuse: this is no JSON. */
	private void emitUnlessSpaceAndGoOn(byte next) {
		if (isSpace(next)) {
			blank(next);
		}
		else {
			emit((byte) '!');
			this.state = State.STRUCTURE;
		}
	}

	private void droppedContainer(byte next) {
		blank(next);
		switch (next) {
			case '"' -> this.state = State.DROPPED_STRING;
			case '{', '[' -> this.droppedDepth++;
			case '}', ']' -> {
				this.droppedDepth--;
				this.state = (this.droppedDepth > 0) ? State.DROPPED_CONTAINER : State.STRUCTURE;
			}
			default -> {
			}
		}
	}

	private void droppedScalar(byte next) {
		if (isSpace(next) || ",}]".indexOf(next) >= 0) {
			this.state = State.STRUCTURE;
			structure(next);
		}
		else {
			blank(next);
		}
	}

	private static boolean isSpace(byte next) {
		return next == ' ' || next == '\n' || next == '\r' || next == '\t';
	}

	private void emitComma() {
		if (this.isCommaDue) {
			this.isCommaDue = false;
			emit((byte) ',');
		}
	}

	private void blank(byte instead) {
		emit(isSpace(instead) ? instead : (byte) ' ');
	}

	private enum State {

		STRUCTURE, STRING, NAME, BEFORE_DROPPED_COLON, BEFORE_DROPPED, DROPPED_STRING, DROPPED_CONTAINER, DROPPED_SCALAR

	}

}
