package dev.switchboard.routing;

import java.time.Duration;

import dev.switchboard.connection.AgentCall;
import dev.switchboard.connection.Answer;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import reactor.core.publisher.Mono;

/**
 * Hands things to the node that holds an agent, which looks only among its own
 * connections: one hop at most. Thread-safe; nothing happens before subscription.
 * <p>
 * What there was to say at that node comes back as it was said there, failures as
 * {@link dev.switchboard.connection.ConnectionException}; what the way there did to it is
 * a {@link ForwardException}.
 */
public interface CallForwarder {

	/**
	 * Sends a call and waits for its answer.
	 * @param node that holds the agent, as the directory knows it
	 * @param agent whom to call
	 * @param call with what is left of its time to live; its chunks come on an event loop
	 * @return the agent's answer; never empty. Cancelling it cancels the call
	 */
	Mono<Answer> call(NodeRecord node, AgentId agent, AgentCall call);

	/**
	 * Pushes a message.
	 * @return completes once it has been written to the agent's connection
	 */
	Mono<Void> push(NodeRecord node, AgentId agent, Frame.Push push, Duration wait);

	/** Closes the agent's connection for an operator. */
	Mono<Void> disconnect(NodeRecord node, AgentId agent, Duration wait);

	/**
	 * Waits for the end of a recorded call that the node runs.
	 * @return the call's resource; empty if the node does not run it
	 */
	Mono<Payload> outcome(NodeRecord node, CallId id, Duration wait);

	/**
	 * Cancels a recorded call that the node runs.
	 * @return the call's resource as it then stands; empty if the node does not run it
	 */
	Mono<Payload> cancel(NodeRecord node, CallId id, Duration wait);

}
