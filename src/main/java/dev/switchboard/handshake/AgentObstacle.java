package dev.switchboard.handshake;

import java.time.Duration;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * A reason why this node does not take certain agents at the moment, although it takes
 * others. Thread-safe.
 */
public interface AgentObstacle {

	/** The obstacle of a node that takes every agent. */
	AgentObstacle NONE = new AgentObstacle() {

		@Override
		public @Nullable Duration refuse(AgentId agent) {
			return null;
		}

		@Override
		public boolean isMoving(AgentId agent) {
			return false;
		}

	};

	/**
	 * Whether to refuse an agent. Called at each handshake whose agent is authenticated,
	 * so it must be cheap.
	 * @return the time within which the agent is to come back; null if it may connect
	 */
	@Nullable Duration refuse(AgentId agent);

	/**
	 * Whether the agent was asked to leave the node that holds it. Then it is not sent
	 * back to that node.
	 */
	boolean isMoving(AgentId agent);

}
