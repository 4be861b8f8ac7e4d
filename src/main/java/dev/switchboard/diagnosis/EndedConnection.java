package dev.switchboard.diagnosis;

import java.time.Instant;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Timestamp;
import dev.switchboard.protocol.NodeId;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * An agent's connection that has ended.
 *
 * @param at when it ended, by the directory's clock
 * @param code the close code; 1006 if the socket ended without a Close frame
 * @param reason the text of the Close frame; empty if there was none
 * @param node the node that had the connection
 */
record EndedConnection(Instant at, int code, String reason, String node) implements Event {

	static EndedConnection of(CloseStatus status, Instant at, NodeId node) {
		return new EndedConnection(at, status.getCode(), (status.getReason() != null) ? status.getReason() : "",
				node.toString());
	}

	static EndedConnection read(Envelope json) {
		return new EndedConnection(Instant.parse(json.string("at")), json.smallInteger("code"), json.string("reason"),
				json.string("node"));
	}

	@Override
	public JsonWriter json() {
		return new JsonWriter().string("at", Timestamp.of(this.at))
			.number("code", this.code)
			.string("reason", this.reason)
			.string("node", this.node);
	}

}
