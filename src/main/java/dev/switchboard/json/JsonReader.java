package dev.switchboard.json;

/**
 * A cursor over a JSON text (RFC 8259) that checks the text it passes and builds no
 * objects. The bytes must be well-formed UTF-8, which the reader does not check: see
 * {@link Utf8#check}. Each method throws {@link JsonException} at the first byte that is
 * wrong. Not thread-safe.
 */
final class JsonReader {

	/** How deep arrays and objects may nest in a value. */
	static final int MAX_DEPTH = 512;

	private final byte[] bytes;

	private final int end;

	private int position;

	JsonReader(byte[] bytes, int from, int to) {
		this.bytes = bytes;
		this.position = from;
		this.end = to;
	}

	int position() {
		return this.position;
	}

	/** Returns the next byte; 0 at the end. */
	byte peek() {
		return (this.position < this.end) ? this.bytes[this.position] : 0;
	}

	void skipWhitespace() {
		while (this.position < this.end && isWhitespace(this.bytes[this.position])) {
			this.position++;
		}
	}

	/** Moves over the byte if it comes next, or else returns false. */
	boolean take(char expected) {
		if (peek() != expected || this.position >= this.end) {
			return false;
		}
		this.position++;
		return true;
	}

	/** Moves over the byte, which must come next. */
	void expect(char expected) {
		if (!take(expected)) {
			throw fail("expected '" + expected + "'");
		}
	}

	/** Checks that only white space follows. */
	void expectEnd() {
		skipWhitespace();
		if (this.position != this.end) {
			throw fail("something follows the value");
		}
	}

	/** Moves over one whole value, which starts at the cursor. */
	void skipValue() {
		skipValue(0);
	}

	private void skipValue(int depth) {
		switch (peek()) {
			case '{' -> skipObject(depth + 1);
			case '[' -> skipArray(depth + 1);
			case '"' -> skipString();
			case 't' -> skipLiteral("true");
			case 'f' -> skipLiteral("false");
			case 'n' -> skipLiteral("null");
			default -> skipNumber();
		}
	}

	private void skipObject(int depth) {
		checkDepth(depth);
		this.position++;
		skipWhitespace();
		if (take('}')) {
			return;
		}
		do {
			skipWhitespace();
			skipString();
			skipColon();
			skipValue(depth);
			skipWhitespace();
		}
		while (take(','));
		expect('}');
	}

	private void skipArray(int depth) {
		checkDepth(depth);
		this.position++;
		skipWhitespace();
		if (take(']')) {
			return;
		}
		do {
			skipWhitespace();
			skipValue(depth);
			skipWhitespace();
		}
		while (take(','));
		expect(']');
	}

	private void checkDepth(int depth) {
		if (depth > MAX_DEPTH) {
			throw fail("nested more than " + MAX_DEPTH + " deep");
		}
	}

	/** Moves over the colon of a member and the white space around it. */
	void skipColon() {
		skipWhitespace();
		expect(':');
		skipWhitespace();
	}

	/** Moves over a string, quotes included. */
	void skipString() {
		expect('"');
		while (this.position < this.end) {
			byte b = this.bytes[this.position];
			if (b == '"') {
				this.position++;
				return;
			}
			if (b == '\\') {
				skipEscape();
			}
			else if (b >= 0 && b < 0x20) {
				throw fail("raw control character in a string");
			}
			else {
				this.position++;
			}
		}
		throw fail("string without an end");
	}

	private void skipEscape() {
		this.position++;
		switch (peek()) {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> this.position++;
			case 'u' -> {
				this.position++;
				for (int i = 0; i < 4; i++) {
					if (Character.digit(peek(), 16) < 0) {
						throw fail("bad escape");
					}
					this.position++;
				}
			}
			default -> throw fail("bad escape");
		}
	}

	private void skipLiteral(String literal) {
		for (int i = 0; i < literal.length(); i++) {
			expect(literal.charAt(i));
		}
	}

	private void skipNumber() {
		take('-');
		if (!take('0')) {
			skipDigits();
		}
		if (take('.')) {
			skipDigits();
		}
		if (take('e') || take('E')) {
			if (!take('+')) {
				take('-');
			}
			skipDigits();
		}
	}

	private void skipDigits() {
		int start = this.position;
		while (peek() >= '0' && peek() <= '9') {
			this.position++;
		}
		if (start == this.position) {
			throw fail("not JSON");
		}
	}

	static boolean isWhitespace(byte b) {
		return b == ' ' || b == '\n' || b == '\r' || b == '\t';
	}

	private JsonException fail(String what) {
		return new JsonException("malformed JSON at byte " + this.position + ": " + what);
	}

}
