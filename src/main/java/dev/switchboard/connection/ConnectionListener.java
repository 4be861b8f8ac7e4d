package dev.switchboard.connection;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * Is notified of what happens to connections of this node. A room that needs this
 * provides a bean of this type. The methods are called on event loops and timer threads,
 * and must return at once. Thread-safe.
 */
public interface ConnectionListener {

	/**
	 * Called once for each connection, when it is registered on this node. Runs on its
	 * event loop, before its claim.
	 */
	default void registered(AgentConnection connection) {
	}

	/**
	 * Called when the claim of a connection is stored. Happens again when the connection
	 * is claimed again.
	 */
	default void claimed(AgentConnection connection) {
	}

	/**
	 * Called once for each connection, when it has ended.
	 * @param status the close status; 1006 if the socket ended without a Close frame
	 */
	default void ended(AgentConnection connection, CloseStatus status) {
	}

	/**
	 * Called when a superseded connection turns out to have been alive. Then the agent
	 * was connected twice at once.
	 */
	default void aliveWhenSuperseded(AgentConnection connection) {
	}

}
