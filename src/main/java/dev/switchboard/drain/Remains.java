package dev.switchboard.drain;

/**
 * What a drain still waits for.
 *
 * @param agents the agents' connections
 * @param requests the requests of the API and of other nodes that are not answered yet
 * @param calls the recorded calls that run on this node
 */
record Remains(int agents, int requests, int calls) {

	/** Whether the process may end without cutting anything off. */
	boolean isNothing() {
		return this.agents == 0 && isNoCall();
	}

	/** Whether no caller waits for an answer. */
	boolean isNoCall() {
		return this.requests == 0 && this.calls == 0;
	}

	@Override
	public String toString() {
		return this.agents + " agents, " + this.requests + " requests and " + this.calls + " recorded calls left";
	}

}
