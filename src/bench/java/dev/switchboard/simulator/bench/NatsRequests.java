package dev.switchboard.simulator.bench;

import dev.switchboard.simulator.bench.NatsOperation.Message;

/**
 * Requests to each agent in turn, which are to come back as they were.
 *
 * @param agents how many there are
 * @param payloads the same as a gateway's calls have
 */
record NatsRequests(int agents, Payloads payloads) {

	/** The subject of an agent. */
	static String subject(long agent) {
		return "agent-" + agent;
	}

	/** Publishes the numbered request, whose answer is to come to an inbox. */
	void publish(NatsConnection connection, long number, String inbox) {
		connection.publish(subject(number % this.agents) + " " + inbox, this.payloads.of(number));
	}

	/** Whether the answer is the numbered request's. */
	Verdict check(long number, Message answer) {
		String sent = this.payloads.of(number);
		return sent.equals(answer.text()) ? Verdict.RIGHT
				: new Verdict.Mismatch("sent " + sent + " and got " + answer.text());
	}

}
