package dev.switchboard.connection;

import reactor.core.publisher.Mono;

/**
 * Whether this node can be sure that its connections hold their agents. Thread-safe; no
 * method blocks.
 */
interface Ownership {

	/** That of a node which shares its directory with no other. */
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
	 * Returns whether the node can be sure. Otherwise {@link #check} is to come before
	 * anything is sent to an agent, and before its answers are passed on.
	 * @param now the time by the monotonic clock
	 */
	boolean isSure(long now);

	/**
	 * Asks the directory whether the connection still holds its agent. If it does not,
	 * the connection is superseded.
	 * @return completes after that, or once the directory has been silent for too long;
	 * never fails
	 */
	Mono<Void> check(AgentConnection connection);

	/** Checks as {@link #check} does, and then runs the task on the event loop. */
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
