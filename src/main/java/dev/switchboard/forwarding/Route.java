package dev.switchboard.forwarding;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** What this node does for one kind of request of another node. Thread-safe. */
interface Route {

	/** What it serves. */
	RequestKind kind();

	/**
	 * Serves a request; on an event loop, so it must not block.
	 * @param request what is asked for
	 * @param reply takes the answer, now or later
	 * @return undoes what is under way if nobody waits for it any more
	 * @throws IllegalArgumentException if the request cannot be understood
	 */
	Disposable serve(Request request, Reply reply);

	/** A request. Immutable. */
	final class Request {

		private final @Nullable String agent;

		private final byte[] message;

		/**
		 * @param agent the agent that it is about, if it is about one
		 * @param message its body
		 */
		Request(@Nullable String agent, byte[] message) {
			this.agent = agent;
			this.message = message;
		}

		/** The agent that it is about. */
		AgentId agent() {
			String name = (this.agent != null) ? this.agent : "";
			int slash = name.indexOf('/');
			return new AgentId(name.substring(0, Math.max(0, slash)), name.substring(slash + 1));
		}

		/** Its body. */
		byte[] message() {
			return this.message;
		}

	}

}
