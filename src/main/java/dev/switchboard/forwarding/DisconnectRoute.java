package dev.switchboard.forwarding;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.protocol.DisconnectReason;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Closes the connection of an agent that is here, for an operator. */
final class DisconnectRoute extends AgentRoute {

	DisconnectRoute(ConnectionRegistry registry) {
		super(RequestKind.DISCONNECT, registry);
	}

	@Override
	Disposable serve(AgentConnection connection, byte[] message, Reply reply) {
		connection.close(DisconnectReason.BY_OPERATOR);
		reply.end();
		return Disposables.disposed();
	}

}
