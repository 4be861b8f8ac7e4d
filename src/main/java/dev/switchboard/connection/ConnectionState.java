package dev.switchboard.connection;

import dev.switchboard.protocol.DisconnectReason;
import org.jspecify.annotations.Nullable;

/**
 * The phase of a connection, and whether it was asked to leave. Immutable: a connection
 * changes its state by replacing this object, on its event loop only. Connections share
 * the constants, so the state costs an idle connection only a reference.
 * <p>
 * A connection only ever goes forward: {@code OPEN -> LEAVING -> CLOSING -> ENDED}, and
 * may skip any phase but the last. While it is {@code OPEN}, it may be asked to leave. It
 * then stays {@code OPEN} and serves calls until a newer connection takes its agent. Only
 * then is it {@code LEAVING}.
 *
 * @param phase the phase
 * @param leaveReason the reason with which an open connection was asked to leave; null if
 * it was not asked, or is closing
 */
record ConnectionState(Phase phase, @Nullable DisconnectReason leaveReason) {

	/** Takes calls and pushes, and was not asked to leave. */
	static final ConnectionState OPEN = new ConnectionState(Phase.OPEN, null);

	static final ConnectionState CLOSING = new ConnectionState(Phase.CLOSING, null);

	static final ConnectionState ENDED = new ConnectionState(Phase.ENDED, null);

	enum Phase {

		/** Takes calls and pushes. */
		OPEN,
		/** Takes nothing new; its calls are still answered. */
		LEAVING,
		/** The session has been asked to close, and no call waits any more. */
		CLOSING,
		/** The session has begun to close. */
		ENDED

	}

	/** Whether the connection takes new calls and pushes. */
	boolean accepts() {
		return this.phase == Phase.OPEN;
	}

	/** Whether the connection is closing or closed. */
	boolean isClosing() {
		return this.phase == Phase.CLOSING || this.phase == Phase.ENDED;
	}

	boolean isEnded() {
		return this.phase == Phase.ENDED;
	}

	/** Returns the state of an open connection that is asked to leave. */
	static ConnectionState askedToLeave(DisconnectReason reason) {
		return new ConnectionState(Phase.OPEN, reason);
	}

	/** Returns the state of a connection that takes nothing new. */
	static ConnectionState leaving(DisconnectReason reason) {
		return new ConnectionState(Phase.LEAVING, reason);
	}

}
