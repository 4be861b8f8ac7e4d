package dev.switchboard.connection;

import dev.switchboard.protocol.AgentId;

/** Takes the notices of other nodes that newer connections hold agents of this node. */
@FunctionalInterface
public interface SupersedeNotice {

	/**
	 * Another node holds a connection of the agent with this epoch, and has claimed it.
	 * An older connection here is superseded. Repeated and late notices do no harm. May
	 * be called on any thread.
	 */
	void superseded(AgentId agent, long epoch);

}
