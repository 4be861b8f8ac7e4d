package dev.switchboard.connection;

import dev.switchboard.connection.ConnectionException.Reason;
import org.jspecify.annotations.Nullable;

/** The connection that {@link PendingCalls} wait on. */
interface CallChannel {

	/** Returns why the message may not be sent; null if it may. */
	@Nullable Reason refuse(OutboundMessage message);

	/**
	 * Writes or queues a message.
	 * @return false if the queue has no room for the message, because the agent reads
	 * slowly; the connection closes then
	 */
	boolean send(OutboundMessage message);

	/**
	 * Takes a message back if it is still queued.
	 * @return true if no byte of the message is ever written
	 */
	boolean withdraw(OutboundMessage message);

	/**
	 * Asks the directory whether the connection still holds its agent. If it does not,
	 * closes the connection.
	 * @param then runs on the event loop after the directory has answered
	 */
	void checkOwner(Runnable then);

}
