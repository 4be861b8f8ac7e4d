package dev.switchboard.simulator.bench;

import dev.switchboard.simulator.agents.Answers;
import dev.switchboard.simulator.bench.NatsOperation.Message;

/**
 * Answers each request with its own payload.
 *
 * @param subject where they come
 */
record NatsAgent(String subject) implements NatsClient {

	@Override
	public void received(NatsConnection connection, Message message) {
		if (message.replyTo() != null) {
			connection.publish(message.replyTo() + " ", message.text());
		}
	}

}
