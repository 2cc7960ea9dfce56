package io.github.akashgen2api.web.body;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON without unknown fields, whatever they contain. A parser would use memory for them,
 * and would refuse those beyond its limits.
 * <p>
 * The first unknown field of an object becomes {@code "":0}, which shows that there was
 * one. All others become spaces, so that a parser still reports the right line and
 * column. The values of unknown fields are not checked.
 */
final class FilteringJsonStream extends JsonRewritingStream {

	/** Longer than any known name, even with each character as an escape. */
	private static final int MAX_NAME = 256;

	private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9A-Fa-f]{4})");

	private final Set<String> known;

	private final Set<String> nested;

	private final Set<String> open;

	private State state = State.STRUCTURE;

	/** The number of open objects and arrays, which the parser limits. */
	private int depth;

	/** The depths at which an object is open, and not an array. */
	private final BitSet objects = new BitSet();

	/** The depths of the open objects with an unknown field. */
	private final BitSet marked = new BitSet();

	/** Whether the last field of the request itself is an open one. */
	private boolean isOpen;

	private boolean expectsName;

	private boolean isCommaDue;

	private boolean isEscaped;

	/** The first {@link #MAX_NAME} bytes of the encoded name. */
	private final byte[] name = new byte[MAX_NAME];

	private int nameLength;

	/** Whether the dropped field is the first one of its object. */
	private boolean isFirstDropped;

	/** The number of open objects and arrays in the dropped value. */
	private int droppedDepth;

	FilteringJsonStream(InputStream json, KnownFields fields) {
		// A name, its quotation marks and its replacement.
		super(json, MAX_NAME + 8);
		this.known = Set.of(fields.value());
		this.nested = Set.of(fields.nested());
		this.open = Set.of(fields.open());
	}

	@Override
	void accept(byte next) {
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
			// A comma before a dropped field must be dropped too.
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
		if (next == '"' && !this.isEscaped) {
			endName();
			return;
		}
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
	}

	private void endName() {
		this.expectsName = false;
		boolean isDropped = this.nameLength > MAX_NAME;
		if (!isDropped && isKnown()) {
			emitComma();
			emit('"');
			emit(this.name, this.nameLength);
			emit('"');
			this.state = State.STRUCTURE;
			return;
		}
		if (!isDropped) {
			drop();
		}
		emit(' ');
		this.state = State.BEFORE_DROPPED_COLON;
	}

	private boolean isKnown() {
		String encoded = new String(this.name, 0, this.nameLength, StandardCharsets.UTF_8);
		String decoded = (encoded.indexOf('\\') < 0) ? encoded : ESCAPE.matcher(encoded)
			.replaceAll(
					(escape) -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
		if (this.depth == 1) {
			this.isOpen = this.open.contains(decoded);
			return this.known.contains(decoded);
		}
		return (this.isOpen && this.depth == 2) || this.nested.contains(decoded);
	}

	/** Emit the replacement of the name so far. */
	private void drop() {
		this.isFirstDropped = !this.marked.get(this.depth);
		this.marked.set(this.depth);
		if (this.isFirstDropped) {
			emit('"');
		}
		emit(this.isFirstDropped ? '"' : ' ');
		if (this.isCommaDue) {
			this.isCommaDue = false;
			emit(' ');
		}
		for (int i = 0; i < this.nameLength - (this.isFirstDropped ? 1 : 0); i++) {
			blank(this.name[i]);
		}
	}

	private void beforeDroppedColon(byte next) {
		if (next == ':') {
			emit(this.isFirstDropped ? next : ' ');
			this.state = State.BEFORE_DROPPED;
		}
		else {
			blankOrInvalidate(next);
		}
	}

	private void beforeDropped(byte next) {
		if (isSpace(next) || ",:}]".indexOf(next) >= 0) {
			blankOrInvalidate(next);
			return;
		}
		emit(this.isFirstDropped ? '0' : ' ');
		this.droppedDepth = (next == '{' || next == '[') ? 1 : 0;
		this.state = switch (next) {
			case '"' -> State.DROPPED_STRING;
			case '{', '[' -> State.DROPPED_CONTAINER;
			default -> State.DROPPED_SCALAR;
		};
	}

	/** Anything except a space is invalid JSON here, which the parser then refuses. */
	private void blankOrInvalidate(byte next) {
		if (isSpace(next)) {
			blank(next);
		}
		else {
			emit('!');
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
			emit(',');
		}
	}

	private void blank(byte dropped) {
		emit(isSpace(dropped) ? dropped : ' ');
	}

	private enum State {

		STRUCTURE, STRING, NAME, BEFORE_DROPPED_COLON, BEFORE_DROPPED, DROPPED_STRING, DROPPED_CONTAINER, DROPPED_SCALAR

	}

}
