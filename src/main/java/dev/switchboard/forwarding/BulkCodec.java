package dev.switchboard.forwarding;

import java.time.Duration;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.routing.Verb;

/**
 * The codec of a type of verb of which many can go to a node in one request. Such verbs
 * differ only in the agent, the id and the time to live. So the rest, with the payload,
 * goes to the node once. Stateless.
 *
 * @param <V> the type of verb
 * @param <T> the verb's result
 */
interface BulkCodec<V extends Verb<T>, T> extends VerbCodec<V, T> {

	/** Returns the id of a verb. */
	CallId id(V verb);

	/** Whether two verbs differ only in the agent, the id and the time to live. */
	boolean isAlike(V one, V other);

	/** Returns the same verb for another agent, without a receiver of parts. */
	V forAgent(V verb, AgentId agent, CallId id, Duration timeToLive);

}
