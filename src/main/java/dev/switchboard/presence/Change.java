package dev.switchboard.presence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentChanges;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * A change of an agent's presence.
 *
 * @param kind what has changed
 * @param at when the change was stored, by the directory's clock
 * @param connection the connection that the change is about
 * @param node the node that holds or held the agent; null for an agent that is offline
 * @param code the close code of an end; null if it is not known
 * @param reason why the connection ended; empty if it is not known
 */
record Change(Kind kind, Instant at, ConnectionId connection, @Nullable NodeId node, @Nullable Integer code,
		String reason) {

	/** What has changed. */
	enum Kind {

		/** A connection holds the agent. */
		CONNECTED('c', "connected"),

		/** A connection holds the agent no more. */
		DISCONNECTED('d', "disconnected"),

		/** The agent has been away for a while. */
		OFFLINE('o', "offline"),

		/** The agent is back after that. */
		ONLINE('n', "online");

		private final char letter;

		private final String text;

		Kind(char letter, String text) {
			this.letter = letter;
			this.text = text;
		}

		String text() {
			return this.text;
		}

		private static Kind of(char letter) {
			for (Kind kind : values()) {
				if (kind.letter == letter) {
					return kind;
				}
			}
			throw new IllegalArgumentException("no kind of change: " + letter);
		}

	}

	/** Reads the changes of an agent, in their order. */
	static List<Change> read(AgentChanges changes) {
		List<Change> read = new ArrayList<>();
		String text = changes.text();
		for (int start = 0, end; (end = text.indexOf('/', start)) >= 0; start = end + 1) {
			read.add(read(text.substring(start, end).split(",", -1), read.isEmpty() ? null : read.getLast()));
		}
		return read;
	}

	private static Change read(String[] parts, @Nullable Change before) {
		Kind kind = Kind.of(parts[0].charAt(0));
		Instant at = Sql.instant(Long.parseLong(parts[0], 1, parts[0].length(), 10));
		if (kind == Kind.ONLINE && before != null) {
			return new Change(kind, at, before.connection(), before.node(), null, "");
		}
		return new Change(kind, at, new ConnectionId(Sql.uuid(bytes(parts[1]))),
				parts[2].isEmpty() ? null : new NodeId(Sql.uuid(bytes(parts[2]))),
				parts[3].isEmpty() ? null : Integer.valueOf(parts[3]), Sql.text(bytes(parts[4])));
	}

	private static byte[] bytes(String digits) {
		return HexFormat.of().parseHex(digits);
	}

	/** Whether changes were left out at the end, because too many waited. */
	static boolean isIncomplete(AgentChanges changes) {
		return changes.text().endsWith("!");
	}

	/**
	 * Returns the event of this change. Each node that reads the change makes the same
	 * event of it.
	 */
	GatewayEvent event(AgentId agent) {
		String id = this.kind.text() + ":" + this.connection + ":" + Sql.micros(this.at);
		return new GatewayEvent(agent, "switchboard.agent." + this.kind.text(), id, agent.agent(), this.at, data());
	}

	private Payload data() {
		JsonWriter data = new JsonWriter().optionalString("node", (this.node != null) ? this.node.toString() : null)
			.string("connectionId", this.connection.toString());
		if (this.code != null) {
			data.number("code", this.code);
		}
		if (this.kind == Kind.DISCONNECTED) {
			data.string("reason", this.reason);
		}
		return Payload.of(data.end());
	}

}
