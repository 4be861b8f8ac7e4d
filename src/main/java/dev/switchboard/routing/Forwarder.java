package dev.switchboard.routing;

import java.time.Duration;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.json.Payload;
import reactor.core.publisher.Mono;

/**
 * Sends requests to other nodes, which never pass them on. Thread-safe. Nothing happens
 * before the subscription. Results come on an event loop. Cancelling a result withdraws
 * the request.
 * <p>
 * If the request fails on the agent's connection on the other node, the result is an
 * error of {@link dev.switchboard.connection.ConnectionException}. If the request fails
 * on the way, the result is an error of {@link ForwardException}.
 */
public interface Forwarder {

	/**
	 * Runs a verb on another node, on the agent's connection there.
	 * @param node the node that holds the agent, as the directory knows it
	 * @return the verb's result, as {@link Verb#on} gives it
	 */
	<T> Mono<T> forward(NodeRecord node, Verb<T> verb);

	/**
	 * Asks another node about something that runs on that node.
	 * @param node the node, as the directory knows it
	 * @param kind the kind of a {@link NodeQuestion} that the node answers
	 * @param subject what the question is about, in ASCII
	 * @param timeToLive how long the answer may take
	 * @return the answer; empty if the subject does not run on the other node
	 */
	Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive);

}
