package dev.switchboard.connection;

import java.time.Duration;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is asked to carry to its agent.
 *
 * @param id under which the answer comes back
 * @param method what the agent shall do
 * @param timeToLive after which the call has failed
 * @param traceparent the caller's trace context (W3C), if it sent one
 * @param payload passed on byte for byte
 * @param chunks takes the parts of a streamed result
 */
public record AgentCall(CallId id, String method, Duration timeToLive, @Nullable String traceparent, Payload payload,
		ChunkReceiver chunks) {

	/** The same, with what is left of its time to live. */
	public AgentCall within(Duration left) {
		return new AgentCall(this.id, this.method, left, this.traceparent, this.payload, this.chunks);
	}

}
