package dev.switchboard.routing;

import java.time.Duration;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;

/**
 * Has the time limits for requests to the directory that callers wait for, and the
 * problem for an agent that the directory does not know.
 */
public final class DirectoryQueries {

	/** The longest that a request waits for a directory that does not answer. */
	public static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);

	private DirectoryQueries() {
	}

	/**
	 * Returns how long the directory may be silent: half of the caller's wait, and
	 * {@link #LONGEST_SILENCE} at most.
	 * @param wait the rest of the caller's wait
	 */
	public static Duration patience(Duration wait) {
		Duration half = wait.dividedBy(2);
		return (half.compareTo(LONGEST_SILENCE) < 0) ? half : LONGEST_SILENCE;
	}

	/** Returns the problem for an agent that the directory does not know. */
	public static ProblemException agentUnknown() {
		return new ProblemException(Problem.AGENT_UNKNOWN, "The agent was never seen in this tenant");
	}

}
