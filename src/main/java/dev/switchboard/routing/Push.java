package dev.switchboard.routing;

import java.time.Duration;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import reactor.core.publisher.Mono;

/**
 * The verb that pushes a message to an agent. It completes when the message has been
 * handed to the agent's socket. It fails as unsent if the message still waits in the
 * connection's queue when the time to live is over.
 *
 * @param agent the agent
 * @param frame the message as the agent receives it
 * @param timeToLive how long the message may wait
 */
public record Push(AgentId agent, Frame.Push frame, Duration timeToLive) implements Verb<Void> {

	@Override
	public Push within(Duration timeToLive) {
		return new Push(this.agent, this.frame, timeToLive);
	}

	@Override
	public Mono<Void> on(AgentConnection connection) {
		return connection.push(this.frame, this.timeToLive);
	}

}
