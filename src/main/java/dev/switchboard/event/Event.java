package dev.switchboard.event;

import java.time.Instant;
import java.util.UUID;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.database.Sha256;
import dev.switchboard.database.Sql;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;

/**
 * An event before it is in the log. Immutable.
 *
 * @param agent the agent that sent it
 * @param id its id, unique to the agent for a day
 * @param type its type in CloudEvents 1.0
 * @param subject what it is about
 * @param data its payload
 */
record Event(AgentId agent, String id, String type, String subject, Payload data) {

	/** The type of the events that agents send. */
	static final String OF_AGENT = "switchboard.event";

	static Event of(AgentId agent, Frame.Event frame) {
		return new Event(agent, frame.id(), OF_AGENT, frame.subject(), frame.payload());
	}

	static Event of(GatewayEvent event) {
		return new Event(event.agent(), event.id(), event.type(), event.subject(), event.data());
	}

	/**
	 * Returns the key of the event: the same for each repeat of it, and for no other. An
	 * agent cannot take the keys of the gateway's events, whatever ids it chooses.
	 */
	UUID key() {
		Sha256 hash = this.type.equals(OF_AGENT) ? Sha256.ofLines(this.agent.tenant(), this.agent.agent(), this.id)
				: Sha256.ofLines(this.agent.tenant(), this.agent.agent(), this.id, this.type);
		return Sql.uuid(hash.toBytes());
	}

	/**
	 * Returns the entry of the log, a CloudEvents 1.0 object in its JSON form, in one
	 * line.
	 * @param time when the event is stored
	 */
	Payload entry(Instant time) {
		byte[] line = new JsonWriter().string("specversion", "1.0")
			.string("id", this.id)
			.string("source", EventEntry.sourceOf(this.agent))
			.string("type", this.type)
			.string("subject", this.subject)
			.string("time", time.toString())
			.string("datacontenttype", "application/json")
			.payload("data", this.data)
			.end();
		Payload.joinLines(line, 0, line.length);
		return Payload.of(line);
	}

}
