package dev.switchboard.cluster;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/** An event that a caller, an agent, or a reader of the directory saw. */
sealed interface Entry {

	/**
	 * A caller sent a call.
	 *
	 * @param call the caller's own number for it
	 * @param to the agent it is for
	 * @param key its idempotency key
	 * @param nonce the nonce in its payload; only calls with the same key share one
	 */
	record Begun(long call, AgentId to, @Nullable String key, String nonce) implements Entry {
	}

	/** A caller learned the end of its call. */
	record Ended(long call, Ending ending) implements Entry {
	}

	/** A call came to an agent. */
	record Received(AgentId agent, ConnectionId connection, CallId id, String nonce) implements Entry {
	}

	/** An agent sent the answer of a call, with a nonce of its own. */
	record Answered(AgentId agent, CallId id, String nonce, String result) implements Entry {
	}

	/** An agent was welcomed on a connection. */
	record Opened(AgentId agent, ConnectionId connection, long epoch, NodeId node) implements Entry {
	}

	/** An agent's connection ended; without a close frame the code is 1006. */
	record Closed(AgentId agent, ConnectionId connection, int code) implements Entry {
	}

	/** The directory's table had this claim, or, without a node, its release. */
	record Claimed(AgentId agent, ConnectionId connection, long epoch, @Nullable NodeId node) implements Entry {
	}

}
