package dev.switchboard.call;

import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * A call that has ended, without its payloads. Immutable.
 *
 * @param method the method's name, cut off after {@link #METHOD_LENGTH} characters
 * @param problem the problem with which the call failed; null if it did not fail, or if
 * it failed without a problem
 * @param startNanos when the call began, by the monotonic clock
 * @param nanos how long the call took
 */
public record EndedCall(AgentId agent, CallId id, String method, Outcome outcome, @Nullable Problem problem,
		long startNanos, long nanos) {

	/** The longest name of a method. */
	public static final int METHOD_LENGTH = 128;

	/** Returns the name of a method, cut off if it is too long. */
	static String shortened(String method) {
		return (method.length() <= METHOD_LENGTH) ? method : method.substring(0, METHOD_LENGTH);
	}

}
