package dev.switchboard.agent;

import java.net.URI;
import java.time.Duration;

import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;

import org.jspecify.annotations.Nullable;

/**
 * Receives the events of an agent's connections. All methods are called on the agent's
 * own thread, one at a time, in the order of the events. The agent does not connect again
 * while one of them runs. An exception is logged and has no other effect.
 */
public interface AgentListener {

	/**
	 * Called when the gateway has welcomed the agent. Callers can reach the agent now.
	 */
	default void connected(Connected event) {
	}

	/**
	 * Called when a connection has ended: once for each {@link #connected}, unless
	 * {@link #replacing} was called for that connection.
	 */
	default void disconnected(Disconnected event) {
	}

	/**
	 * Called when the gateway has asked the agent to connect again. Calls that run on the
	 * connection are still answered there.
	 */
	default void replacing(Replacing event) {
	}

	/** Called when an attempt to connect has failed, or has ended before the welcome. */
	default void connectFailed(ConnectFailed event) {
	}

	/**
	 * Describes a connection that the gateway has welcomed.
	 *
	 * @param url the URL that was connected to
	 * @param node the gateway's node
	 * @param connection the connection's id at the gateway
	 * @param epoch a number that grows with each connection of the agent
	 */
	record Connected(URI url, NodeId node, ConnectionId connection, long epoch) {
	}

	/**
	 * The end of a connection.
	 *
	 * @param connection the connection that has ended
	 * @param code the WebSocket close code; 1006 if the socket was lost without a close
	 * code
	 * @param reason the close reason, or how the socket was lost; may be empty
	 * @param retryIn the delay until the next attempt to connect; null if there is none
	 */
	record Disconnected(Connected connection, int code, String reason, @Nullable Duration retryIn) {
	}

	/**
	 * The gateway's request to connect again.
	 *
	 * @param connection the connection to replace
	 * @param reason the gateway's reason
	 * @param retryIn the delay until the next attempt to connect
	 */
	record Replacing(Connected connection, String reason, Duration retryIn) {
	}

	/**
	 * A failed attempt.
	 *
	 * @param url the URL of the attempt
	 * @param attempt the number of the attempt, counted from 1 since the agent was last
	 * connected
	 * @param cause why it failed; a {@link java.net.http.WebSocketHandshakeException} if
	 * the gateway refused with an HTTP status
	 * @param retryIn the delay until the next attempt; null if there is none
	 */
	record ConnectFailed(URI url, int attempt, Throwable cause, @Nullable Duration retryIn) {
	}

}
