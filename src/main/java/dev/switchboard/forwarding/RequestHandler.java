package dev.switchboard.forwarding;

import java.time.Duration;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** Serves one kind of request of other nodes. Thread-safe. */
@FunctionalInterface
interface RequestHandler {

	/**
	 * Serves a request. It is called on an event loop and must not block.
	 * @param reply takes the answer, now or later
	 * @return is disposed of when the requester no longer waits; cancels the work
	 * @throws IllegalArgumentException if the request cannot be read
	 */
	Disposable serve(Request request, Reply reply);

	/** A request. Immutable. */
	final class Request {

		private final @Nullable CharSequence agent;

		private final Duration timeToLive;

		private final byte[] body;

		/**
		 * @param agent the agent that the request is about, if it is about one
		 * @param timeToLive how long the requester waits from now on
		 */
		Request(@Nullable CharSequence agent, Duration timeToLive, byte[] body) {
			this.agent = agent;
			this.timeToLive = timeToLive;
			this.body = body;
		}

		/**
		 * The agent that the request is about.
		 * @throws IllegalArgumentException if it names none
		 */
		AgentId agent() {
			String name = (this.agent != null) ? this.agent.toString() : "";
			int slash = name.indexOf('/');
			return new AgentId(name.substring(0, Math.max(0, slash)), name.substring(slash + 1));
		}

		/** How long the requester waits. */
		Duration timeToLive() {
			return this.timeToLive;
		}

		byte[] body() {
			return this.body;
		}

	}

}
