package dev.switchboard.agent;

/**
 * Processes the pushes of one method. Pushes are processed one at a time, in the order in
 * which they came. Runs on the agent's executor and may block.
 */
@FunctionalInterface
public interface PushHandler {

	/**
	 * Processes a push. A normal return acknowledges a durable push, and it is never
	 * processed again by this agent, unless its process starts anew.
	 * @throws Exception to leave the push unacknowledged; the gateway sends a durable
	 * push again on the next connection
	 */
	void handle(IncomingPush push) throws Exception;

}
