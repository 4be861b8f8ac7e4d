package dev.switchboard.forwarding;

import dev.switchboard.connection.ConnectionRegistry;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Closes connections that newer ones on the node that asks have superseded. */
final class SupersedeRoute implements Route {

	private final ConnectionRegistry registry;

	SupersedeRoute(ConnectionRegistry registry) {
		this.registry = registry;
	}

	@Override
	public RequestKind kind() {
		return RequestKind.SUPERSEDE;
	}

	@Override
	public Disposable serve(Request request, Reply reply) {
		SupersededAgents.read(request.message()).epochs().forEach(this.registry::supersede);
		reply.end();
		return Disposables.disposed();
	}

}
