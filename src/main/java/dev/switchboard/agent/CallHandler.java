package dev.switchboard.agent;

import dev.switchboard.json.Payload;

/**
 * Answers the calls of one method. Runs on the agent's executor, for several calls at
 * once, and may block. The thread of a cancelled call is interrupted.
 */
@FunctionalInterface
public interface CallHandler {

	/**
	 * Handles a call.
	 * @return the call's result
	 * @throws CallRejectedException to refuse the call, with a code that the caller gets
	 * @throws Exception if the call fails; the caller gets the code {@code internal}, and
	 * not the exception's text
	 */
	Payload handle(IncomingCall call) throws Exception;

}
