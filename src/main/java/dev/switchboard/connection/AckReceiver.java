package dev.switchboard.connection;

import dev.switchboard.protocol.Frame;

/** Takes the acknowledgements of durable pushes that agents send. */
@FunctionalInterface
public interface AckReceiver {

	/**
	 * Takes an acknowledgement. Runs on the connection's event loop and must not block
	 * it.
	 */
	void receive(AgentConnection connection, Frame.Ack ack);

}
