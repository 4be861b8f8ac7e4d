package dev.switchboard.simulator.bench;

import dev.switchboard.simulator.agents.AgentOptions;

/**
 * Writes requests, each about one agent, and takes the agents in turn. Thread-safe.
 *
 * @param agents the agents that the requests concern
 * @param headers the headers of every request, each with its line break
 */
record AgentRequests(AgentOptions agents, String headers) {

	/** Returns the id of the agent that the request with this number concerns. */
	String agent(long number) {
		return this.agents.prefix + (this.agents.first + number % this.agents.agents);
	}

	/** Returns a request that reads the agent's presence. */
	String get(long number) {
		return "GET " + path(number) + " HTTP/1.1\r\n" + this.headers + "\r\n";
	}

	/**
	 * Returns a request that sends the agent a call or a push.
	 * @param to the path of the resource, below the agent's path
	 * @param payload JSON in ASCII
	 */
	String post(long number, String to, String payload) {
		String body = "{\"method\":\"echo\",\"payload\":" + payload + "}";
		return "POST " + path(number) + to + " HTTP/1.1\r\n" + this.headers
				+ "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
	}

	private String path(long number) {
		return "/v1/tenants/" + this.agents.tenant + "/agents/" + agent(number);
	}

}
