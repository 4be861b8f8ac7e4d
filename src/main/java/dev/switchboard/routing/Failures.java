package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;

/** Turns failures of connections and of forwarding into the problems that callers see. */
final class Failures {

	private Failures() {
	}

	/**
	 * Returns the problem for a verb that failed on its connection.
	 * @param now the directory's time
	 */
	static ProblemException of(ConnectionException failure, Instant now) {
		return switch (failure.reason()) {
			case CLOSING, GONE -> ProblemException.offline(now);
			case DISCONNECTED -> new ProblemException(Problem.AGENT_DISCONNECTED,
					detailed("The agent's connection ended while the call was in flight", failure));
			case TOO_MANY_IN_FLIGHT ->
				new ProblemException(Problem.TOO_MANY_REQUESTS, "As many calls as the agent may have are in flight");
			case PAYLOAD_TOO_LARGE ->
				new ProblemException(Problem.PAYLOAD_TOO_LARGE, "The message would be over the frame limit");
			case TOO_SLOW -> new ProblemException(Problem.UNAVAILABLE, "The agent reads too slowly");
			case OVERLOADED -> new ProblemException(Problem.UNAVAILABLE,
					"The agent's node has more calls than it can take at the moment");
			case RESULT_TOO_LARGE -> new ProblemException(Problem.RESULT_TOO_LARGE,
					detailed("The agent's answer was over the frame limit", failure));
			case BAD_ANSWER ->
				new ProblemException(Problem.BAD_ANSWER, detailed("The agent's answer broke the protocol", failure));
			case CALLER_TOO_SLOW ->
				new ProblemException(Problem.RESULT_TOO_LARGE, "The caller reads too slowly for the streamed result");
			case DEADLINE_UNSENT -> ProblemException.deadlineUnsent();
			case DEADLINE -> new ProblemException(Problem.DEADLINE_EXCEEDED, "The agent did not answer in time");
		};
	}

	private static String detailed(String what, ConnectionException failure) {
		return (failure.detail() != null) ? what + ": " + failure.detail() : what;
	}

	/** Returns the problem for a verb that could not be sent to the agent's node. */
	static ProblemException unreachable() {
		return new ProblemException(Problem.UNAVAILABLE, "There is no way to the node that holds the agent");
	}

	/**
	 * Returns the problem for a verb that was sent to another node, which failed before
	 * it answered.
	 */
	static ProblemException lost() {
		return new ProblemException(Problem.NODE_DISCONNECTED,
				"The node that holds the agent, or the way to it, went away while the call was in flight");
	}

}
