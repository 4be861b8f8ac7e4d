package dev.switchboard.agent;

/**
 * Processes the pushes of one method. Pushes are processed one at a time, in the order in
 * which they came. Runs on the agent's executor and may block.
 */
@FunctionalInterface
public interface PushHandler {

	/**
	 * Processes a push. A normal return acknowledges it.
	 * @throws Exception to leave the push unacknowledged; the gateway sends a durable
	 * push again
	 */
	void handle(IncomingPush push) throws Exception;

}
