package dev.switchboard.cluster;

/**
 * Something that must not be.
 *
 * @param rule what it breaks
 * @param text what was seen
 */
record Violation(Rule rule, String text) {

	/** What must hold whatever fails. */
	enum Rule {

		/** Every call ends exactly once. */
		ENDS_ONCE,
		/** A result is the one that its agent gave to this call. */
		RESULT_MATCHES,
		/** What was not sent never came to an agent. */
		NOT_SENT,
		/** Calls and answers stay with their agent and its tenant. */
		NOT_CROSSED,
		/** A call comes to its agent once at most, however many have its key. */
		RUNS_ONCE,
		/** An agent's claims only go forward, and an epoch is one connection's. */
		ONE_CLAIM,
		/** A live agent has one connection, which is the one claimed. */
		ONE_CONNECTION

	}

}
