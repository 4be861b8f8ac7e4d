package dev.switchboard.connection;

import dev.switchboard.protocol.Frame;

/** Takes the events of agents. One receiver serves all connections of a node. */
@FunctionalInterface
public interface EventReceiver {

	/**
	 * Takes an event. The receiver answers it later with {@code event-ack} or
	 * {@code event-error}. Runs on the connection's event loop and must not block it; a
	 * connection's events come in the order in which its agent sent them.
	 */
	void receive(AgentConnection connection, Frame.Event event);

}
