package dev.switchboard.routing;

import java.time.Duration;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;

/** The limits and the problems of a caller's request to the directory. */
public final class DirectoryQueries {

	/** The longest that a request waits for a directory that does not answer. */
	public static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);

	private DirectoryQueries() {
	}

	/**
	 * How long the directory may be silent.
	 * @param wait the rest of the caller's wait, of which the directory gets half
	 */
	public static Duration patience(Duration wait) {
		Duration half = wait.dividedBy(2);
		return (half.compareTo(LONGEST_SILENCE) < 0) ? half : LONGEST_SILENCE;
	}

	/** The problem of an agent that the directory does not list. */
	static ProblemException agentUnknown() {
		return new ProblemException(Problem.AGENT_UNKNOWN, "The agent was never seen in this tenant");
	}

}
