package dev.switchboard.label;

import java.util.ArrayList;
import java.util.List;

/** A statement that is written piece by piece, with its arguments. */
final class SqlText {

	private final StringBuilder text;

	private final List<Object> values = new ArrayList<>();

	SqlText(String begin) {
		this.text = new StringBuilder(begin);
	}

	/** Adds a piece, and the arguments for its question marks. */
	void add(String piece, Object... arguments) {
		this.text.append(piece);
		this.values.addAll(List.of(arguments));
	}

	String text() {
		return this.text.toString();
	}

	Object[] values() {
		return this.values.toArray();
	}

}
