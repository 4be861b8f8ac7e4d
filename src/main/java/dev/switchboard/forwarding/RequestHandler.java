package dev.switchboard.forwarding;

import java.time.Duration;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Serves one kind of request that other nodes send, each after its whole body has come.
 * Thread-safe.
 */
@FunctionalInterface
interface RequestHandler extends InboundHandler {

	/**
	 * Serves a request. The call is on an event loop and must not block.
	 * @param reply takes the answer, now or later
	 * @return the work; when the requester no longer waits, the work is disposed of,
	 * which cancels it
	 * @throws IllegalArgumentException if the request cannot be read
	 */
	Disposable serve(Request request, Reply reply);

	@Override
	default Inbound receive(Head head, Reply reply) {
		return new InboundRequest(this, head, reply);
	}

	/** A request. Immutable. */
	final class Request {

		private final @Nullable CharSequence agent;

		private final Duration timeToLive;

		private final byte[] body;

		/**
		 * @param agent the name of the agent that the request is about; null if there is
		 * none
		 * @param timeToLive how long the requester waits, counted from the arrival of the
		 * request's headers
		 */
		Request(@Nullable CharSequence agent, Duration timeToLive, byte[] body) {
			this.agent = agent;
			this.timeToLive = timeToLive;
			this.body = body;
		}

		/**
		 * Returns the agent that the request is about.
		 * @throws IllegalArgumentException if the request names no valid agent
		 */
		AgentId agent() {
			return AgentId.parse((this.agent != null) ? this.agent.toString() : "");
		}

		/**
		 * Returns how long the requester waits, counted from the arrival of the request's
		 * headers.
		 */
		Duration timeToLive() {
			return this.timeToLive;
		}

		byte[] body() {
			return this.body;
		}

	}

}
