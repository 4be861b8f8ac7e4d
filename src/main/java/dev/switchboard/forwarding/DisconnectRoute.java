package dev.switchboard.forwarding;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Closes the connection of an agent that is here, for an operator. */
final class DisconnectRoute implements Route {

	private final ConnectionRegistry registry;

	DisconnectRoute(ConnectionRegistry registry) {
		this.registry = registry;
	}

	@Override
	public RequestKind kind() {
		return RequestKind.DISCONNECT;
	}

	@Override
	public Disposable serve(Request request, Reply reply) {
		AgentId agent = request.agent();
		AgentConnection connection = this.registry.find(agent);
		if (connection == null) {
			reply.notHere(this.registry.lastEpoch(agent));
		}
		else {
			connection.close(DisconnectReason.BY_OPERATOR);
			reply.end();
		}
		return Disposables.disposed();
	}

}
