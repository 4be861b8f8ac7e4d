package dev.switchboard.forwarding;

/**
 * Takes the answer to a verb that another node has sent. The answer ends once; what comes
 * later is dropped. One thread at a time may call the methods.
 */
interface VerbReply {

	/** Ends the answer with the verb's result. */
	void end(byte[] result);

	/** Ends the answer of a verb without a result. */
	void end();

	/**
	 * Answers that this node does not hold the agent.
	 * @param epoch the epoch of the agent's connection that is closing on this node; 0 if
	 * there is none
	 */
	void notHere(long epoch);

	/** Ends the answer with a failure. */
	void fail(Throwable failure);

}
