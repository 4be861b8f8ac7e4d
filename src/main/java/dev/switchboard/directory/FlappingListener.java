package dev.switchboard.directory;

import dev.switchboard.protocol.AgentId;

/** Is notified of agents that flap. Thread-safe; the method returns at once. */
@FunctionalInterface
public interface FlappingListener {

	/**
	 * Called each time that a connection of this node was alive when it was superseded,
	 * from the time on from which the agent flaps.
	 */
	void flapping(AgentId agent, SupersedeStreak streak);

}
