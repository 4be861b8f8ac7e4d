package dev.switchboard.cluster;

import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * What a caller was told of its call.
 *
 * @param outcome the call's; {@code UNKNOWN} too where the caller lost its own node
 * @param problem the name of the problem, if it was one
 * @param id the call's, if it was told
 * @param answer the agent's, if it is completed
 */
record Ending(Outcome outcome, @Nullable String problem, @Nullable CallId id, @Nullable Answer answer) {

	/** The problem of a caller whose own node, or the way to it, has gone. */
	static final String LOST = "lost";

	/**
	 * What an agent writes into a result.
	 *
	 * @param agent itself, as {@code tenant/agent}
	 * @param nonce the call's
	 * @param result the answer's own
	 */
	record Answer(String agent, String nonce, String result) {
	}

	static Ending completed(CallId id, Answer answer) {
		return new Ending(Outcome.COMPLETED, null, id, answer);
	}

	static Ending failed(Outcome outcome, String problem) {
		return new Ending(outcome, problem, null, null);
	}

	static Ending lost() {
		return failed(Outcome.UNKNOWN, LOST);
	}

	boolean is(Outcome other) {
		return this.outcome == other;
	}

}
