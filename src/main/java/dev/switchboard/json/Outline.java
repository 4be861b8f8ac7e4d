package dev.switchboard.json;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the members of an object whose text is malformed somewhere, or ends too early. It
 * looks only at quotes, brackets, colons and commas, in one pass. Members before the
 * first fault are certain. Members after the first fault count only if the quotes and
 * brackets fit together up to the end. Otherwise an unescaped quote in a string could
 * make anything look like a member.
 */
final class Outline {

	private final byte[] json;

	private final int end;

	private int position;

	private final List<Found> members = new ArrayList<>();

	/** The number of members before the first faulty one; -1 if none was faulty. */
	private int certain = -1;

	private final boolean whole;

	/**
	 * A member.
	 *
	 * @param member the name, and where the value lies
	 * @param sound whether the value is JSON
	 */
	record Found(Member member, boolean sound) {
	}

	private Outline(byte[] json, int from, int end) {
		this.json = json;
		this.position = from;
		this.end = end;
		this.whole = readObject();
	}

	/** Reads the object in this range of a text. */
	static Outline of(byte[] json, int from, int end) {
		return new Outline(json, from, end);
	}

	/** Returns the members that count; none if the text is no object. */
	List<Found> members() {
		return (this.whole || this.certain < 0) ? this.members : this.members.subList(0, this.certain);
	}

	/**
	 * Whether quotes and brackets fit together up to the end of the text, so that all
	 * members were found.
	 */
	boolean isWhole() {
		return this.whole;
	}

	private boolean readObject() {
		skipWhitespace();
		if (!take('{')) {
			return false;
		}
		do {
			skipWhitespace();
			if (!readMember()) {
				return false;
			}
		}
		while (take(','));
		boolean closed = take('}');
		skipWhitespace();
		return closed && this.position == this.end;
	}

	private boolean readMember() {
		int name = this.position;
		if (!isAt('"') || !skipString()) {
			return false;
		}
		int nameEnd = this.position;
		skipWhitespace();
		if (!take(':')) {
			return false;
		}
		skipWhitespace();
		int start = this.position;
		if (!skipValue()) {
			return false;
		}
		add(name, nameEnd, start);
		return true;
	}

	private void add(int name, int nameEnd, int start) {
		boolean named = isSound(name, nameEnd);
		boolean sound = named && isSound(start, this.position);
		if (!sound && this.certain < 0) {
			this.certain = this.members.size();
		}
		if (named) {
			String key = JsonString.decode(this.json, name, nameEnd);
			this.members.add(new Found(new Member(key, start, trimmed(start)), sound));
		}
	}

	private boolean isSound(int from, int to) {
		try {
			JsonReader reader = new JsonReader(this.json, from, to);
			reader.skipValue();
			reader.expectEnd();
			return true;
		}
		catch (JsonException ex) {
			return false;
		}
	}

	/**
	 * Moves to the comma or bracket after a value.
	 * @return false if the text ends before it
	 */
	private boolean skipValue() {
		int depth = 0;
		while (this.position < this.end) {
			switch (this.json[this.position]) {
				case '{', '[' -> depth++;
				case '}', ']', ',' -> {
					if (depth == 0) {
						return true;
					}
					depth -= isAt(',') ? 0 : 1;
				}
				case '"' -> {
					if (!skipString()) {
						return false;
					}
					continue;
				}
				default -> {
					// Any other byte belongs to the value.
				}
			}
			this.position++;
		}
		return false;
	}

	/**
	 * Moves over a string with its quotes.
	 * @return false if the text ends within the string
	 */
	private boolean skipString() {
		this.position++;
		while (this.position < this.end) {
			byte b = this.json[this.position];
			this.position += (b == '\\') ? 2 : 1;
			if (b == '"') {
				return true;
			}
		}
		this.position = this.end;
		return false;
	}

	private int trimmed(int start) {
		int last = this.position;
		while (last > start && JsonReader.isWhitespace(this.json[last - 1])) {
			last--;
		}
		return last;
	}

	private void skipWhitespace() {
		while (this.position < this.end && JsonReader.isWhitespace(this.json[this.position])) {
			this.position++;
		}
	}

	private boolean take(char expected) {
		boolean there = isAt(expected);
		this.position += there ? 1 : 0;
		return there;
	}

	private boolean isAt(char expected) {
		return this.position < this.end && this.json[this.position] == expected;
	}

}
