package dev.switchboard.directory;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.DisconnectReason;
import org.jspecify.annotations.Nullable;

/**
 * The parts of statements that record changes of agents' presence: see
 * {@link AgentChanges}. They are empty if changes are not recorded.
 */
public final class ChangeSql {

	/** A row with more characters of changes takes no more changes. */
	private static final int FULL = 6000;

	private static final String OLD = "CASE WHEN untold IS NULL THEN '' ELSE changes END";

	private static final String IS_FULL = "CHAR_LENGTH(" + OLD + ") > " + FULL;

	private static final String MARKED = "CONCAT(TRIM(TRAILING '!' FROM changes), '!')";

	private static final String NEWER = "epoch < VALUES(epoch) AND connection_id <> VALUES(connection_id)";

	private static final String SAME = "connection_id = VALUES(connection_id)";

	private static final String IS_RELEASE = "1 = CASE WHEN VALUES(node) IS NULL THEN 1 ELSE 0 END";

	private static final String IS_CLAIM = "0 = CASE WHEN VALUES(node) IS NULL THEN 1 ELSE 0 END";

	private static final String ENDED = SAME + " AND node IS NOT NULL AND " + IS_RELEASE;

	private static final String AGAIN = SAME + " AND node IS NULL AND " + IS_CLAIM;

	private static final String ANY = NEWER + " OR " + ENDED + " OR " + AGAIN;

	/**
	 * Comes before the assignments of the columns on which it depends. H2 cannot read
	 * VALUES directly after an opening parenthesis, and sets parentheses itself around
	 * the operands of AND.
	 */
	private static final String UPDATE = Sql.compact("""
			changes = CASE WHEN {any} THEN CASE
				WHEN {full} THEN {marked}
				WHEN {newer} THEN CONCAT({old}, CASE WHEN node IS NULL THEN '' ELSE {superseded} END,
					VALUES(changes), {back})
				WHEN {again} THEN CONCAT({old}, VALUES(changes), {back})
				-- A release has the beginning and the end of its connection. The row has the beginning.
				ELSE CONCAT({old}, SUBSTRING(CONCAT('', VALUES(changes)), LOCATE('/', VALUES(changes)) + 1)) END
				ELSE changes END,
			untold = CASE WHEN {any} THEN COALESCE(untold, {clock}) ELSE untold END,
			offline_at = CASE WHEN {any} THEN CASE WHEN VALUES(node) IS NOT NULL THEN NULL
				WHEN offline_at = 0 THEN 0 ELSE VALUES(offline_at) END ELSE offline_at END,
			""")
		.replace("{back}",
				"CASE WHEN offline_at = 0 AND " + IS_CLAIM + " THEN CONCAT('n', {clock}, ',,,,/') ELSE '' END")
		.replace("{superseded}", ended(DisconnectReason.SUPERSEDED.code(), DisconnectReason.SUPERSEDED.text()))
		.replace("{full}", IS_FULL)
		.replace("{marked}", MARKED)
		.replace("{old}", OLD)
		.replace("{any}", ANY)
		.replace("{newer}", NEWER)
		.replace("{again}", AGAIN)
		.replace("{clock}", Sql.CLOCK);

	private static final String FIRST_CLAIM = ", CONCAT('c', " + Sql.CLOCK + ", ?), " + Sql.CLOCK + ", NULL";

	/** If the row was lost, an event has told of this connection before. */
	private static final String LATER_CLAIM = ", CONCAT('c', " + Sql.CLOCK + ", ?), NULL, NULL";

	private static final String RELEASE = ", CONCAT('c', " + Sql.CLOCK + ", ?, 'd', " + Sql.CLOCK + ", ?), " + Sql.CLOCK
			+ ", " + Sql.CLOCK + " + ?";

	private final boolean recording;

	private final long offlineMicros;

	/** Makes the parts for these settings. */
	public ChangeSql(PresenceSettings settings) {
		this.recording = settings.presence();
		this.offlineMicros = TimeUnit.MILLISECONDS.toMicros(settings.offlineAfter().toMillis());
	}

	private static String ended(int code, String reason) {
		return "CONCAT('d', " + Sql.CLOCK + ", ',', HEX(connection_id), ',', HEX(node), '," + code + ","
				+ Sql.hex(Sql.bytes(reason)) + "/')";
	}

	private static String appended(String change) {
		return "changes = CASE WHEN " + IS_FULL + " THEN " + MARKED + " ELSE CONCAT(" + OLD + ", " + change
				+ ") END, untold = COALESCE(untold, " + Sql.CLOCK + "), ";
	}

	/** Returns the columns of a write, to follow others. */
	String columns() {
		return this.recording ? ", changes, untold, offline_at" : "";
	}

	/** Returns the expressions of the columns. */
	String row(AgentWrite write) {
		if (!this.recording) {
			return "";
		}
		return write.isClaim() ? (write.again() ? LATER_CLAIM : FIRST_CLAIM) : RELEASE;
	}

	/** Adds the values of the columns. */
	void addTo(List<@Nullable Object> values, AgentWrite write, UUID node) {
		if (!this.recording) {
			return;
		}
		UUID connection = write.claim().connection().value();
		values.add(AgentChanges.tail(connection, node, null));
		if (!write.isClaim()) {
			values.add(AgentChanges.tail(connection, node, write.close()));
			values.add(this.offlineMicros);
		}
	}

	/** Returns the assignments to an agent's row, which come first. */
	String update() {
		return this.recording ? UPDATE : "";
	}

	/**
	 * Returns the assignments to the row of an agent whose node is gone, which come
	 * first.
	 */
	String gone(int code, String reason) {
		return this.recording
				? appended(ended(code, reason)) + "offline_at = " + Sql.CLOCK + " + " + this.offlineMicros + ", " : "";
	}

	/**
	 * The assignments to the row of an agent that is away for too long, and the condition
	 * on such a row. Where a row is full, the agent becomes offline later.
	 */
	public static final String OFFLINE = appended("CONCAT('o', " + Sql.CLOCK + ", ',', HEX(connection_id), ',,,/')")
			+ "offline_at = 0";

	public static final String IS_OFFLINE = "offline_at > 0 AND offline_at <= " + Sql.CLOCK
			+ " AND node IS NULL AND NOT " + IS_FULL;

}
