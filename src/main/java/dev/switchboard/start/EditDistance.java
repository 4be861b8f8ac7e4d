package dev.switchboard.start;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Measures how different two words are, to find the word that was probably meant. */
final class EditDistance {

	/**
	 * The length of a word, divided by this, is the largest number of characters that may
	 * be wrong in a similar word. Two may always be wrong.
	 */
	private static final int SHARE = 5;

	private EditDistance() {
	}

	/** Returns the most similar of some words, if one is similar enough. */
	static Optional<String> nearest(String word, Collection<String> among) {
		int limit = Math.max(2, word.length() / SHARE);
		return among.stream()
			.filter((other) -> Math.abs(other.length() - word.length()) <= limit)
			.min(Comparator.<String>comparingInt((other) -> between(word, other)).thenComparing(other -> other))
			.filter((other) -> between(word, other) <= limit);
	}

	/**
	 * Returns how many characters must be inserted, deleted, replaced or swapped with a
	 * neighbour to turn one word into the other (the optimal string alignment distance).
	 */
	static int between(CharSequence from, CharSequence to) {
		int[] beforeLast = new int[to.length() + 1];
		int[] last = new int[to.length() + 1];
		int[] row = new int[to.length() + 1];
		for (int j = 0; j <= to.length(); j++) {
			last[j] = j;
		}
		for (int i = 1; i <= from.length(); i++) {
			row[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int replaced = last[j - 1] + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
				row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
				if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
						&& from.charAt(i - 2) == to.charAt(j - 1)) {
					row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
				}
			}
			int[] free = beforeLast;
			beforeLast = last;
			last = row;
			row = free;
		}
		return last[to.length()];
	}

}
