package dev.switchboard.forwarding;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** Receives one kind of request that other nodes send. Thread-safe. */
interface InboundHandler {

	/**
	 * Begins to receive a request. The call is on the event loop of the connection.
	 * @param reply takes the answer, now or later
	 */
	Inbound receive(Head head, Reply reply);

	/**
	 * What is known of a request before its body comes.
	 *
	 * @param agent the name of the agent that the request is about; null if there is none
	 * @param timeToLive how long the requester waits
	 * @param streams the end of the connection that receives the request
	 */
	record Head(@Nullable CharSequence agent, Duration timeToLive, ServerStreams streams) {
	}

}
