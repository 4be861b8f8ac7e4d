package dev.switchboard.cluster;

import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * The end of a call, as its caller saw it.
 *
 * @param outcome the outcome of the call; also {@code UNKNOWN} if the caller lost its own
 * node
 * @param problem the name of the problem, if it was one
 * @param id the id of the call, if the caller got it
 * @param answer the agent's answer, if the call is completed
 * @param detail the problem's detail, if it was one
 */
record Ending(Outcome outcome, @Nullable String problem, @Nullable CallId id, @Nullable Answer answer,
		@Nullable String detail) {

	/** The problem of a caller whose own node, or the way to it, has gone. */
	static final String LOST = "lost";

	/**
	 * The content of an agent's result.
	 *
	 * @param agent the agent, as {@code tenant/agent}
	 * @param nonce the nonce of the call
	 * @param result the value of this answer alone
	 */
	record Answer(String agent, String nonce, String result) {
	}

	static Ending completed(CallId id, Answer answer) {
		return new Ending(Outcome.COMPLETED, null, id, answer, null);
	}

	static Ending failed(Outcome outcome, String problem) {
		return failed(outcome, problem, null);
	}

	static Ending failed(Outcome outcome, String problem, @Nullable String detail) {
		return new Ending(outcome, problem, null, null, detail);
	}

	static Ending lost() {
		return failed(Outcome.UNKNOWN, LOST);
	}

	boolean is(Outcome other) {
		return this.outcome == other;
	}

}
