package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.function.Predicate;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.routing.Push;

/** Writes pushes as the frames of the agent protocol. */
final class PushCodec implements VerbCodec<Push, Void> {

	@Override
	public String kind() {
		return "push";
	}

	@Override
	public byte[] encode(Push push) {
		return FrameCodec.encode(push.frame());
	}

	@Override
	public Push decode(AgentId agent, Duration timeToLive, byte[] body, Predicate<byte[]> parts) {
		if (!(FrameCodec.decodeFromGateway(body) instanceof Frame.Push frame)) {
			throw new IllegalArgumentException("not a push");
		}
		return new Push(agent, frame, timeToLive);
	}

}
