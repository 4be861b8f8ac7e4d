package dev.switchboard.connection;

import dev.switchboard.protocol.AgentId;

/** Takes the notices with which other nodes announce newer connections of agents. */
@FunctionalInterface
public interface SupersedeNotice {

	/**
	 * Takes the notice that another node has a connection of the agent with this epoch,
	 * and has claimed the agent. An older connection on this node is superseded. Repeated
	 * and late notices do no harm. May be called on any thread.
	 */
	void superseded(AgentId agent, long epoch);

}
