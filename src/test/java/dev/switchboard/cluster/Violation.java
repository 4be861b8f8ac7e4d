package dev.switchboard.cluster;

/**
 * An event that must not happen.
 *
 * @param rule the rule that it breaks
 * @param text the event
 */
record Violation(Rule rule, String text) {

	/** The rules that hold for every kind of fault. */
	enum Rule {

		/** Every call ends exactly once. */
		ENDS_ONCE,
		/** A result is the one that its agent gave to this call. */
		RESULT_MATCHES,
		/** A call that was not sent never reached an agent. */
		NOT_SENT,
		/** Calls and answers stay with their agent and its tenant. */
		NOT_CROSSED,
		/** Of all calls with one key, at most one reaches the agent, and only once. */
		RUNS_ONCE,
		/**
		 * The epochs of an agent's claims only grow, and an epoch belongs to one
		 * connection.
		 */
		ONE_CLAIM,
		/** A live agent has one connection, which is the one claimed. */
		ONE_CONNECTION

	}

}
