package dev.switchboard.routing;

import java.time.Duration;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import reactor.core.publisher.Mono;

/**
 * The verb that closes an agent's connection for an operator. It completes when the close
 * has begun.
 *
 * @param agent the agent
 * @param timeToLive how long the agent's node may take to answer
 */
public record Disconnect(AgentId agent, Duration timeToLive) implements Verb<Void> {

	@Override
	public Disconnect within(Duration timeToLive) {
		return new Disconnect(this.agent, timeToLive);
	}

	@Override
	public Mono<Void> on(AgentConnection connection) {
		return Mono.fromRunnable(() -> connection.close(DisconnectReason.BY_OPERATOR));
	}

}
