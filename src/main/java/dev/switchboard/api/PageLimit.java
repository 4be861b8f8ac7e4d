package dev.switchboard.api;

import dev.switchboard.problem.ProblemException;

/** Reads the parameter {@code limit} of the requests for pages. */
final class PageLimit {

	private static final int LONGEST_PAGE = 1000;

	private PageLimit() {
	}

	/**
	 * Returns the largest number of items on the page.
	 * @throws ProblemException if the text is not a number in range
	 */
	static int parse(String limit) {
		try {
			int parsed = Integer.parseInt(limit);
			if (parsed >= 1 && parsed <= LONGEST_PAGE) {
				return parsed;
			}
		}
		catch (NumberFormatException ex) {
			// Text that is not a number gets the same answer as a number out of range.
		}
		throw ProblemException.invalid("limit must be 1 to " + LONGEST_PAGE);
	}

}
