package dev.switchboard.forwarding;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Pushes a message to an agent that is here, and only here. */
final class PushRoute implements Route {

	private final ConnectionRegistry registry;

	PushRoute(ConnectionRegistry registry) {
		this.registry = registry;
	}

	@Override
	public RequestKind kind() {
		return RequestKind.PUSH;
	}

	@Override
	public Disposable serve(Request request, Reply reply) {
		AgentId agent = request.agent();
		AgentConnection connection = this.registry.find(agent);
		if (connection == null) {
			reply.notHere(this.registry.lastEpoch(agent));
			return Disposables.disposed();
		}
		if (!(FrameCodec.decodeFromGateway(request.message()) instanceof Frame.Push push)) {
			throw new IllegalArgumentException("not a push");
		}
		return connection.push(push).subscribe(null, reply::fail, reply::end);
	}

}
