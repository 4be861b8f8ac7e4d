package dev.switchboard.simulator.bench;

import dev.switchboard.simulator.bench.NatsOperation.Message;

/** What one NATS connection is for. Called on the connection's event loop. */
interface NatsClient {

	/** The subject to subscribe to. */
	String subject();

	/** The connection is there, and so is its subscription. */
	default void opened(NatsConnection connection) {
	}

	void received(NatsConnection connection, Message message);

	/** The connection, once open, has ended. */
	default void lost() {
	}

}
