package dev.switchboard.cluster.simulation;

import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * A session of a node with the simulated database.
 */
final class DatabaseSession {

	private final NodeRun run;

	private final Connection h2;

	private boolean ended;

	/**
	 * @param run the run of the node
	 * @param h2 the connection to H2
	 */
	DatabaseSession(NodeRun run, Connection h2) {
		this.run = run;
		this.h2 = h2;
	}

	NodeRun run() {
		return this.run;
	}

	Connection h2() {
		return this.h2;
	}

	/** Whether the database has ended the session. */
	boolean isEnded() {
		return this.ended;
	}

	/** Ends the session, and rolls back what it has not committed. */
	void end() {
		this.ended = true;
		rollBack();
	}

	/**
	 * Rolls back what the session has not committed. A statement that waits goes on, as
	 * it does on a server whose client is gone.
	 */
	void rollBack() {
		Mono.from(this.h2.rollbackTransaction())
			.then(Mono.from(this.h2.setAutoCommit(true)))
			.onErrorComplete()
			.subscribe();
	}

}
