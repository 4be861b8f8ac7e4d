package dev.switchboard.agent;

import dev.switchboard.json.Payload;

/**
 * Answers the calls of one method. Runs on the agent's executor, for several calls at
 * once, and may block. A cancelled call's thread is interrupted.
 */
@FunctionalInterface
public interface CallHandler {

	/**
	 * Does what the call asks for.
	 * @return the call's result
	 * @throws CallRejectedException to refuse, with a code that the caller sees
	 * @throws Exception anything else is answered as {@code internal}, without its text
	 */
	Payload handle(IncomingCall call) throws Exception;

}
