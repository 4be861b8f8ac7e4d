package dev.switchboard.forwarding;

import java.time.Duration;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import reactor.core.Disposable;

/** Pushes a message to an agent that is here, and only here. */
final class PushRoute extends AgentRoute {

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

	PushRoute(ConnectionRegistry registry) {
		super(RequestKind.PUSH, registry);
	}

	@Override
	Disposable serve(AgentConnection connection, byte[] message, Reply reply) {
		if (!(FrameCodec.decodeFromGateway(message) instanceof Frame.Push push)) {
			throw new IllegalArgumentException("not a push");
		}
		return connection.push(push, LONGEST_WAIT).subscribe(null, reply::fail, reply::end);
	}

}
