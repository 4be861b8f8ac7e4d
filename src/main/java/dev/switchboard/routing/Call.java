package dev.switchboard.routing;

import java.time.Duration;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import reactor.core.publisher.Mono;

/**
 * The verb that calls an agent and waits for its answer. Cancelling the result cancels
 * the call at the agent.
 *
 * @param agent the agent
 * @param frame the call as the agent receives it; its {@code ttlMillis} is the verb's
 * time to live
 * @param chunks receives the parts of a streamed result, on an event loop
 */
public record Call(AgentId agent, Frame.Call frame, ChunkReceiver chunks) implements Verb<Answer> {

	/** Returns the id under which the answer comes back. */
	public CallId id() {
		return this.frame.id();
	}

	@Override
	public Duration timeToLive() {
		return Duration.ofMillis(this.frame.ttlMillis());
	}

	@Override
	public Call within(Duration timeToLive) {
		Frame.Call narrowed = new Frame.Call(this.frame.id(), this.frame.method(), Math.max(1, timeToLive.toMillis()),
				this.frame.traceparent(), this.frame.payload());
		return new Call(this.agent, narrowed, this.chunks);
	}

	/** Returns the same call, but with another receiver of the parts. */
	public Call streamedTo(ChunkReceiver receiver) {
		return new Call(this.agent, this.frame, receiver);
	}

	@Override
	public Mono<Answer> on(AgentConnection connection) {
		return connection.call(this.frame, this.chunks);
	}

}
