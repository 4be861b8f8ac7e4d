package dev.switchboard.cluster.simulation;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A planned fault. Its text is one line, such as {@code 12.400s pause n2 for 3.100s}.
 *
 * @param at when it begins, in milliseconds since the beginning of the life
 * @param kind its kind
 * @param target what it hits: a node, two places with {@code >} between them, an agent,
 * or a table
 * @param millis how long it lasts; 0 if it takes no time
 */
record Fault(long at, FaultKind kind, String target, long millis) {

	private static final Pattern LINE = Pattern.compile("(\\d+\\.\\d{3})s ([a-z]+) (\\S+)(?: for (\\d+\\.\\d{3})s)?");

	/**
	 * Reads a fault.
	 * @throws IllegalArgumentException if the line is not a fault of a kind that is known
	 */
	static Fault parse(String line) {
		Matcher parts = LINE.matcher(line);
		if (!parts.matches()) {
			throw new IllegalArgumentException("not a fault: " + line);
		}
		String length = parts.group(4);
		return new Fault(millis(parts.group(1)), kind(parts.group(2), line), parts.group(3),
				(length != null) ? millis(length) : 0);
	}

	private static FaultKind kind(String text, String line) {
		for (FaultKind kind : FaultKind.values()) {
			if (kind.text().equals(text)) {
				return kind;
			}
		}
		throw new IllegalArgumentException("no kind of fault is called " + text + ": " + line);
	}

	private static long millis(String seconds) {
		return Math.round(Double.parseDouble(seconds) * 1_000);
	}

	@Override
	public String toString() {
		String text = String.format(Locale.ROOT, "%.3fs %s %s", this.at / 1e3, this.kind.text(), this.target);
		return (this.millis > 0) ? text + String.format(Locale.ROOT, " for %.3fs", this.millis / 1e3) : text;
	}

}
