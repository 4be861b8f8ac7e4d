package dev.switchboard.forwarding;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.protocol.AgentId;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Serves what is for an agent that is here, and only here. */
abstract class AgentRoute implements Route {

	private final RequestKind kind;

	private final ConnectionRegistry registry;

	AgentRoute(RequestKind kind, ConnectionRegistry registry) {
		this.kind = kind;
		this.registry = registry;
	}

	@Override
	public final RequestKind kind() {
		return this.kind;
	}

	@Override
	public final Disposable serve(Request request, Reply reply) {
		AgentId agent = request.agent();
		AgentConnection connection = this.registry.find(agent);
		if (connection == null) {
			reply.notHere(this.registry.lastEpoch(agent));
			return Disposables.disposed();
		}
		return serve(connection, request.message(), reply);
	}

	/**
	 * Serves it by the agent's connection; as {@link Route#serve}.
	 * @param message the request's body
	 */
	abstract Disposable serve(AgentConnection connection, byte[] message, Reply reply);

}
