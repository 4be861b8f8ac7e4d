package dev.switchboard.handshake;

import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;

/**
 * Checks whether an agent whose credentials are good may connect. A room that knows a
 * reason against it provides a bean of this type. Thread-safe.
 */
@FunctionalInterface
public interface AgentCheck {

	/**
	 * Checks an agent. Called at each handshake, so it must be cheap.
	 * @throws ProblemException if the agent may not connect
	 */
	void require(AgentId agent);

}
