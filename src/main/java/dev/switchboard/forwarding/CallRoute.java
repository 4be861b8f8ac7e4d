package dev.switchboard.forwarding;

import java.time.Duration;

import dev.switchboard.connection.AgentCall;
import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import reactor.core.Disposable;

/** Calls an agent that is here, and only here. */
final class CallRoute extends AgentRoute {

	CallRoute(ConnectionRegistry registry) {
		super(RequestKind.CALL, registry);
	}

	@Override
	Disposable serve(AgentConnection connection, byte[] message, Reply reply) {
		if (!(FrameCodec.decodeFromGateway(message) instanceof Frame.Call call)) {
			throw new IllegalArgumentException("not a call");
		}
		return connection.call(agentCall(call, reply))
			.subscribe((answer) -> reply.end(FrameCodec.encode(frame(call.id(), answer))), reply::fail);
	}

	private static AgentCall agentCall(Frame.Call call, Reply reply) {
		return new AgentCall(call.id(), call.method(), Duration.ofMillis(call.ttlMillis()), call.traceparent(),
				call.payload(), (chunk) -> reply.part(FrameCodec.encode(new Frame.Chunk(call.id(), chunk))));
	}

	private static Frame frame(CallId id, Answer answer) {
		return switch (answer) {
			case Answer.Completed completed -> new Frame.Result(id, completed.payload());
			case Answer.Rejected rejected ->
				new Frame.Error(id, rejected.code(), rejected.message(), rejected.payload());
		};
	}

}
