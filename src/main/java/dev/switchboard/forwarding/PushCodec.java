package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.function.Predicate;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.routing.Push;

/** Writes pushes as the frames of the agent protocol. */
final class PushCodec implements BulkCodec<Push, Void> {

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

	@Override
	public CallId id(Push push) {
		return push.frame().id();
	}

	@Override
	@SuppressWarnings("ReferenceEquality") // Comparing the bytes would cost too much.
	public boolean isAlike(Push one, Push other) {
		return one.frame().payload() == other.frame().payload() && one.frame().method().equals(other.frame().method());
	}

	@Override
	public Push forAgent(Push push, AgentId agent, CallId id, Duration timeToLive) {
		return new Push(agent, new Frame.Push(id, push.frame().method(), push.frame().payload()), timeToLive);
	}

}
