package dev.switchboard.cluster.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * What happened in a life, one line for each event. All lines make up a hash, by which
 * two lives are compared.
 */
final class Trace {

	private static final int KEPT = 20_000;

	private final Deque<String> lines = new ArrayDeque<>();

	private final boolean keep;

	private long hash = 17;

	/**
	 * @param keep whether the lines are kept, or only their hash
	 */
	Trace(boolean keep) {
		this.keep = keep;
	}

	void note(long time, String what) {
		this.hash = (this.hash * 1_000_003 + what.hashCode()) * 1_000_003 + time;
		if (this.keep) {
			if (this.lines.size() == KEPT) {
				this.lines.removeFirst();
			}
			this.lines.add(String.format(Locale.ROOT, "%11.6fs %s", time / 1e9, what));
		}
	}

	long hash() {
		return this.hash;
	}

	List<String> lines() {
		return List.copyOf(this.lines);
	}

}
