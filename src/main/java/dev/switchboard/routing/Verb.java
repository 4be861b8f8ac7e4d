package dev.switchboard.routing;

import java.time.Duration;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.protocol.AgentId;
import reactor.core.publisher.Mono;

/**
 * An action on an agent's connection. It runs in the same way on the node that received
 * the request and, after forwarding, on the node that holds the agent. Immutable.
 *
 * @param <T> the result; {@link Void} for a verb that only succeeds or fails
 */
public sealed interface Verb<T> permits Call, Push, Disconnect {

	/** Returns the agent on whose connection the verb runs. */
	AgentId agent();

	/** Returns how long the verb may take from now on. */
	Duration timeToLive();

	/** Returns the same verb with another time to live. */
	Verb<T> within(Duration timeToLive);

	/**
	 * Runs the verb on the agent's connection. Nothing happens before the subscription.
	 * Cancelling undoes what can still be undone.
	 * @return the result; an error of
	 * {@link dev.switchboard.connection.ConnectionException} if the verb fails on the
	 * connection
	 */
	Mono<T> on(AgentConnection connection);

}
