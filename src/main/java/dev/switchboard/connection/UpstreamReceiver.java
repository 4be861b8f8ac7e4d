package dev.switchboard.connection;

import dev.switchboard.protocol.Frame;

/**
 * Takes the agents' frames that are not about a call: {@code hello}, {@code event},
 * {@code ack} and {@code auth-refresh}. One receiver serves all connections of a node.
 */
@FunctionalInterface
public interface UpstreamReceiver {

	/**
	 * Takes a frame. Runs on the connection's event loop and must not block it; a
	 * connection's frames come in the order in which its agent sent them.
	 */
	void receive(AgentConnection connection, Frame.Upstream frame);

}
