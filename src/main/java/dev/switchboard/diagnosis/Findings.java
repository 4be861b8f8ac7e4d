package dev.switchboard.diagnosis;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows about an agent.
 *
 * @param connection the connection of the agent that the node holds; null if it holds
 * none
 * @param history what the node remembers of the agent
 */
record Findings(@Nullable HeldConnection connection, AgentHistory history) {

	static final Findings NOTHING = new Findings(null, AgentHistory.NONE);

	/**
	 * Reads the findings of another node.
	 * @throws JsonException if they cannot be read
	 */
	static Findings read(Payload json) {
		Envelope envelope = Envelope.parse(json.toBytes());
		boolean holds = envelope.names().contains("connection");
		return new Findings(holds ? HeldConnection.read(envelope.object("connection")) : null,
				AgentHistory.read(envelope));
	}

	/** Writes the findings for another node. */
	Payload json() {
		JsonWriter json = new JsonWriter();
		if (this.connection != null) {
			json.object("connection", this.connection.json());
		}
		return Payload.of(this.history.addAllTo(json).end());
	}

}
