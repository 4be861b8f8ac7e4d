package dev.switchboard.routing;

import java.time.Duration;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.protocol.AgentId;
import reactor.core.publisher.Mono;

/**
 * An action on an agent's connection. It runs the same on the node that received the
 * request and, forwarded, on the node that holds the agent. Immutable.
 *
 * @param <T> the result; {@link Void} for a verb that only succeeds or fails
 */
public sealed interface Verb<T> permits Call, Push, Disconnect {

	/** The agent on whose connection it runs. */
	AgentId agent();

	/** How long it may take from now on. */
	Duration timeToLive();

	/** The same verb with this time to live. */
	Verb<T> within(Duration timeToLive);

	/**
	 * Runs it on the agent's connection.
	 * @return the result; an error of
	 * {@link dev.switchboard.connection.ConnectionException} otherwise. Nothing happens
	 * before the subscription; cancelling it undoes what can still be undone
	 */
	Mono<T> on(AgentConnection connection);

}
