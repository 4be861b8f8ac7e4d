package dev.switchboard.agent;

import dev.switchboard.protocol.Frame;

/**
 * Processes the pushes of one method. Pushes are processed one at a time, in the order
 * they came in.
 */
@FunctionalInterface
public interface PushHandler {

	/**
	 * Processes a push; a normal return acknowledges it.
	 * @throws Exception to leave it unacknowledged; a durable push then comes again
	 */
	void handle(Frame.Push push) throws Exception;

}
