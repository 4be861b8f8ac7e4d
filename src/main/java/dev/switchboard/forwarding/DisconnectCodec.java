package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.function.Predicate;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.Disconnect;

/** Writes disconnects, which need no body. */
final class DisconnectCodec implements VerbCodec<Disconnect, Void> {

	@Override
	public String kind() {
		return "disconnect";
	}

	@Override
	public byte[] encode(Disconnect disconnect) {
		return new byte[0];
	}

	@Override
	public Disconnect decode(AgentId agent, Duration timeToLive, byte[] body, Predicate<byte[]> parts) {
		return new Disconnect(agent, timeToLive);
	}

}
