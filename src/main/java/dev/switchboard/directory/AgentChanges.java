package dev.switchboard.directory;

import java.util.UUID;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;

/**
 * The changes of an agent's presence that the event log does not have yet. The statement
 * that changes the agent's row records the change in the same row. So a change is
 * recorded if and only if it is stored, whichever node dies.
 * <p>
 * Each change is a letter, the time in microseconds by the directory's clock, and, after
 * commas, the connection, the node, the close code and the reason, in hexadecimal digits
 * but for the code. A slash ends it: the driver of H2 cuts statements at semicolons, even
 * in texts. What is not known is empty. The letters are {@code c} (a connection holds the
 * agent), {@code d} (a connection holds it no more), {@code o} (the agent is offline) and
 * {@code n} (the agent is online again, by the connection of the change before). If too
 * many changes wait, an exclamation mark stands for those that were left out.
 *
 * @param agent the agent
 * @param text the changes in their order
 */
public record AgentChanges(AgentId agent, String text) {

	/** The columns to select, from the table with the alias {@code a}. */
	static final String COLUMNS = "a.untold, a.changes";

	/** Reads the changes of a row; null if there are none. */
	public static @Nullable AgentChanges read(Readable row) {
		String text = (row.get("untold", Long.class) != null) ? row.get("changes", String.class) : null;
		return (text != null) ? new AgentChanges(AgentTable.agent(row), text) : null;
	}

	/** Returns the part of a change that comes after its time. */
	static String tail(UUID connection, UUID node, @Nullable LastClose close) {
		String code = (close != null) ? Integer.toString(close.code()) : "";
		String reason = (close != null) ? Sql.hex(close.reasonBytes()) : "";
		return "," + Sql.hex(Sql.bytes(connection)) + "," + Sql.hex(Sql.bytes(node)) + "," + code + "," + reason + "/";
	}

}
