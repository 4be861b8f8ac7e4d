package dev.switchboard.connection;

import reactor.core.publisher.Mono;

/**
 * Knows whether this node can be sure that its connections hold their agents.
 * Thread-safe; no method blocks.
 */
interface Ownership {

	/** Is always sure: for a node that shares its directory with no other node. */
	Ownership ALONE = new Ownership() {

		@Override
		public boolean isSure(long now) {
			return true;
		}

		@Override
		public Mono<Void> check(AgentConnection connection) {
			return Mono.empty();
		}

	};

	/**
	 * Returns whether the node can be sure. If it cannot, callers have to call
	 * {@link #check} before they send anything to an agent, and before they pass on its
	 * answers.
	 * @param now the time by the monotonic clock
	 */
	boolean isSure(long now);

	/**
	 * Asks the directory whether the connection still holds its agent. If it does not,
	 * the connection is superseded.
	 * @return completes when the directory has answered, or has been silent for too long;
	 * never fails
	 */
	Mono<Void> check(AgentConnection connection);

	/** Checks the connection, and then runs the task on its event loop. */
	default void check(AgentConnection connection, Runnable then) {
		check(connection).doFinally((_) -> connection.onLoop(then)).subscribe();
	}

	/** Runs a task on the event loop, after a check if the node cannot be sure. */
	default void onceSure(AgentConnection connection, long now, Runnable task) {
		if (isSure(now)) {
			connection.onLoop(task);
		}
		else {
			check(connection, task);
		}
	}

}
