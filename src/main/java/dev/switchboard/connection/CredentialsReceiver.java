package dev.switchboard.connection;

import dev.switchboard.protocol.Frame;

/** Takes the fresh tokens that agents send. */
@FunctionalInterface
public interface CredentialsReceiver {

	/**
	 * Takes a fresh token. The receiver checks it, and then renews the credentials of the
	 * connection or closes it. Runs on the connection's event loop and must not block it.
	 */
	void receive(AgentConnection connection, Frame.AuthRefresh refresh);

}
